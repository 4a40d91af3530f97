package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.RequestError;
import io.quorate.fixture.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

class PasswordsTests {

    /** Of "secret" by etcd 3.7.1 with --bcrypt-cost=4. */
    private static final String OF_ETCD = "$2a$04$AdZhRdM853XkatXwTFZ15O66iWL4cDmvZtdCYmpTGf7rJttuLr6GK";

    private final WorkPool pool = new WorkPool("password", 1, 16);
    private final Passwords passwords = new Passwords(pool, 4);

    @AfterEach
    void close() {
        pool.close();
    }

    private boolean matches(String password, @Nullable String hash) {
        return passwords.matches(password, hash).toCompletableFuture().join();
    }

    private String hash(String password) {
        return passwords.hash(password).toCompletableFuture().join();
    }

    @Test
    void hashWhenDoneHasTheFormOfEtcdAndItsCost() {
        assertThat(hash("secret")).matches("\\$2a\\$04\\$[./A-Za-z0-9]{53}").isNotEqualTo(hash("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "\u00e4\u00f6\u00fc \ud83d\ude00", "a\0b"})
    void matchesWhenThePasswordIsTheOneIsTrueForItAlone(String password) {
        String hash = hash(password);
        assertThat(matches(password, hash)).isTrue();
        assertThat(matches(password + "x", hash)).isFalse();
        assertThat(matches("other", hash)).isFalse();
    }

    @Test
    void matchesWhenEtcdMadeTheHashIsTrue() {
        assertThat(matches("secret", OF_ETCD)).isTrue();
        assertThat(matches("secret ", OF_ETCD)).isFalse();
    }

    /** Etcd compares what bcrypt looks at. */
    @Test
    void matchesWhenOnlyWhatIsBehindSeventyTwoBytesDiffersIsTrue() {
        String hash = hash("a".repeat(72));
        assertThat(matches("a".repeat(73), hash)).isTrue();
        assertThat(matches("a".repeat(1 << 20), hash)).isTrue();
        assertThat(matches("a".repeat(71), hash)).isFalse();
        String cut = hash("a".repeat(71) + "b");
        assertThat(matches("a".repeat(71) + "\ud83d\ude00", cut)).isFalse();
        String odd = hash("a".repeat(68) + "\ud83d\ude00");
        assertThat(matches("a".repeat(68) + "\ud83d\ude00" + "z", odd)).isTrue();
    }

    @Test
    void matchesWhenThereIsNoHashIsFalse() {
        assertThat(matches("secret", null)).isFalse();
        assertThat(matches("", null)).isFalse();
        assertThat(matches("secret", "")).isFalse();
        assertThat(matches("secret", "$2a$04$short")).isFalse();
        assertThat(matches("secret", "no hash at all")).isFalse();
    }

    /** Else the time of an answer would tell which users there are. */
    @Test
    void matchesWhenAUserIsUnknownComparesAsOftenAndAsLongAsForAKnownOne() {
        List<String> compared = new ArrayList<>();
        Passwords counting = new Passwords(pool, 4, (password, hash) -> {
            compared.add(hash);
            return BCrypt.checkpw(password, hash);
        });
        assertThat(counting.matches("secret", OF_ETCD).toCompletableFuture().join())
                .isTrue();
        assertThat(counting.matches("wrong", OF_ETCD).toCompletableFuture().join())
                .isFalse();
        assertThat(counting.matches("secret", null).toCompletableFuture().join())
                .isFalse();
        assertThat(compared)
                .hasSize(3)
                .allMatch(hash -> hash.startsWith("$2a$04$") && hash.length() == OF_ETCD.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void hashWhenAPasswordIsTooLongIsRefused(String password) {
        assertThat(password).hasSize(73);
        assertFails(passwords.hash(password), RequestError.PASSWORD_TOO_LONG);
        assertFails(passwords.hash("\u00e4".repeat(37)), RequestError.PASSWORD_TOO_LONG);
        assertThat(hash("\u00e4".repeat(36))).isNotEmpty();
    }

    @Test
    void matchesWhenThePoolIsClosedSaysThatTheMemberStops() {
        pool.close();
        assertFails(passwords.matches("secret", null), RequestError.STOPPED);
    }

    private static void assertFails(CompletionStage<?> stage, RequestError error) {
        assertThatThrownBy(() -> stage.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .extracting(Expected::refusal)
                .isEqualTo(error);
    }
}
