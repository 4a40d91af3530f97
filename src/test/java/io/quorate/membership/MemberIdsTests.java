package io.quorate.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemberIdsTests {

    /** What a real etcd without any flags reports of itself. */
    @Test
    void idsOfDefaultClusterAreThoseOfEtcd() {
        long member = MemberIds.memberId(List.of("http://localhost:2380"), "etcd-cluster");

        assertThat(Long.toHexString(member)).isEqualTo("8e9e05c52164694d");
        assertThat(Long.toHexString(MemberIds.clusterId(List.of(member)))).isEqualTo("cdf818194e3a8c32");
    }

    @Test
    void memberIdWhenUrlsAreReorderedIsTheSame() {
        assertThat(MemberIds.memberId(List.of("http://a:1", "http://b:2"), "t"))
                .isEqualTo(MemberIds.memberId(List.of("http://b:2", "http://a:1"), "t"));
    }

    @Test
    void memberIdWhenTokenDiffersDiffers() {
        assertThat(MemberIds.memberId(List.of("http://a:1"), "one"))
                .isNotEqualTo(MemberIds.memberId(List.of("http://a:1"), "two"));
    }
}
