package io.quorate.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberJsonTests {

    @Test
    void encodeWritesUnsignedIdAndEtcdsNames() {
        Member member = Member.announced(0x8e9e05c52164694dL, "default", List.of("http://localhost:2380"), false);

        assertThat(new String(MemberJson.encode(member), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"id\":10276657743932975437,\"peerURLs\":[\"http://localhost:2380\"],\"name\":\"default\"}");
    }

    @Test
    void decodeGivesBackWhatWasEncoded() {
        Member member = Member.announced(-2, "x", List.of("http://a:1", "http://b:2"), true);

        assertThat(MemberJson.decode(MemberJson.encode(member))).isEqualTo(member);
    }

    @Test
    void decodeWhenTextIsNoMemberSaysSo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberJson.decode("{\"id\":".getBytes(StandardCharsets.UTF_8)));
    }
}
