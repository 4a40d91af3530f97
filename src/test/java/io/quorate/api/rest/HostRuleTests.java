package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTests {

    private final HostRule rule = new HostRule(Set.of("m1.example.com"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:2381",
                "127.0.0.1:2381",
                "10.0.0.1",
                "[::1]:2381",
                "[fd00::1]",
                "store-0",
                "store-0.store.default.svc:2381",
                "store-0.store.default.svc.cluster.local",
                "ip-10-0-0-1.ec2.internal",
                "m1.example.com",
                "M1.Example.com.:2381",
                ""
            })
    void hostWhenNobodyCanTakeItIsAllowed(String host) {
        assertThat(rule.allows(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.com",
                "evil.com:2381",
                "localhost.evil.com",
                "127.0.0.1.evil.com",
                "1.2.3.4.nip.io:2381",
                "m1.example.com.evil.com",
                "m2.example.com"
            })
    void hostWhenAnybodyCanTakeItIsRefused(String host) {
        assertThat(rule.allows(host)).isFalse();
    }

    @Test
    void hostWhenNotGivenIsAllowed() {
        assertThat(rule.allows(null)).isTrue();
    }
}
