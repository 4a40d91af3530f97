package io.quorate.api.grpc;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.auth.AuthStore;
import io.quorate.fixture.MapUsers;
import io.quorate.identity.Identity;
import io.quorate.identity.NoTokens;
import io.quorate.identity.TokenReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers whose token has to be looked at, as that of a signed one when it comes for the first time. */
class AccessTests {

    private static final Caller ROOT = new Caller("signed", null);

    private final CompletableFuture<@Nullable Identity> looked = new CompletableFuture<>();
    private final AuthStore store = new AuthStore(MapUsers.empty(), new NoTokens());
    private final List<Caller> callers = new ArrayList<>();
    private final List<Throwable> refusals = new ArrayList<>();

    private final TokenReader tokens = new TokenReader() {
        @Override
        public @Nullable Identity known(String token) {
            return null;
        }

        @Override
        public CompletionStage<@Nullable Identity> find(String token) {
            return looked;
        }
    };

    private final Access access = new Access(store, tokens, untouched(), untouched());

    @BeforeEach
    void enable() {
        store.addUser("root", ByteString.EMPTY, false);
        store.grantRole("root", "root");
        store.enable();
    }

    private void identify() {
        access.identify(ROOT, identity -> callers.add(Caller.current()), refusals::add);
    }

    @Test
    void handlerWhenTheTokenIsFoundLaterRunsInTheNameOfItsCaller() {
        identify();
        assertThat(callers).isEmpty();
        looked.complete(new Identity("root", 0, List.of(), Identity.Origin.TOKEN));
        assertThat(callers).containsExactly(ROOT);
        assertThat(Caller.current()).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void handlerWhenTheTokenIsNoneIsRefused() {
        identify();
        looked.complete(null);
        assertThat(callers).isEmpty();
        assertThat(refusals).singleElement().asString().contains("INVALID_AUTH_TOKEN");
    }
}
