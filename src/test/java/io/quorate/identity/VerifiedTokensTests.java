package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerifiedTokensTests {

    private static final Identity ALICE = new Identity("alice", 1, List.of(), Identity.Origin.TOKEN);

    private final VerifiedTokens tokens = new VerifiedTokens(1000);

    @Test
    void getWhenATokenHasReachedItsEndKnowsItNoLonger() {
        tokens.put("a", ALICE, 5000);
        assertThat(tokens.get("a", 4999)).isEqualTo(ALICE);
        assertThat(tokens.get("a", 5000)).isNull();
        assertThat(tokens.get("b", 0)).isNull();
    }

    @Test
    void putWhenThereAreManyKeepsThoseInUseAndNoMoreThanItMay() {
        tokens.put("in use", ALICE, 1);
        for (int i = 0; i < 10_000; i++) {
            tokens.put("token" + i, ALICE, 1);
            assertThat(tokens.get("in use", 0)).isEqualTo(ALICE);
        }
        assertThat(tokens.size()).isLessThan(1000 / "token".length());
        assertThat(tokens.get("token0", 0)).isNull();
        assertThat(tokens.get("token9999", 0)).isEqualTo(ALICE);
    }
}
