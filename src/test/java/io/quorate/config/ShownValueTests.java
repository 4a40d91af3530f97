package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownValueTests {

    @Test
    void valueWhenItIsASecretIsNotShown() {
        for (String name :
                new String[] {"quorate.backup.password", "quorate.x.client-secret", "quorate.y.access-key"}) {
            assertThat(ShownValue.of(name, "hunter2")).as(name).isEqualTo("******");
            assertThat(ShownValue.of(name, "")).as(name).isEmpty();
        }
        assertThat(ShownValue.of("quorate.backup.to", "s3://me:pass@bucket/a")).isEqualTo("s3://******@bucket/a");
        assertThat(ShownValue.of("quorate.initial-cluster", "a=http://u:p@h:1,b=http://h:2"))
                .isEqualTo("a=http://******@h:1,b=http://h:2");
    }

    @Test
    void valueWhenItIsNoSecretIsShown() {
        assertThat(ShownValue.of("quorate.key-file", "/etc/key")).isEqualTo("/etc/key");
        assertThat(ShownValue.of("quorate.auth.token", "jwt,sign-method=RS256")).isEqualTo("jwt,sign-method=RS256");
        assertThat(ShownValue.of("quorate.backup.to", "s3://bucket/a@b")).isEqualTo("s3://bucket/a@b");
    }
}
