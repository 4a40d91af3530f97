package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.api.grpc.OperatorAccess.Verdict;
import io.quorate.auth.AuthStore;
import io.quorate.base.RequestException;
import io.quorate.fixture.StoredMetadata;
import io.quorate.identity.Identity;
import io.quorate.identity.NoTokens;
import io.quorate.identity.Passwords;
import io.quorate.identity.TokenReader;
import io.quorate.identity.WorkPool;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorAccessTests {

    private static final String ELSEWHERE = "10.0.0.1";

    @TempDir
    private Path directory;

    private final Map<String, Identity> known = new HashMap<>();
    private final WorkPool pool = new WorkPool("password", 1, 1);
    private final Passwords passwords = new Passwords(pool, 4);

    private final TokenReader tokens = new TokenReader() {
        @Override
        public @Nullable Identity known(String token) {
            return null;
        }

        @Override
        public CompletionStage<@Nullable Identity> find(String token) {
            return CompletableFuture.completedStage(known.get(token));
        }
    };

    private Database database;
    private StoredMetadata metadata;
    private AuthStore store;
    private OperatorAccess access;

    @BeforeEach
    void open() {
        database = Database.open(
                directory, StorageSettings.DEFAULTS.withCacheBytes(4 << 20).withWriteBufferBytes(4 << 20));
        metadata = StoredMetadata.on(database);
        store = new AuthStore(metadata.auth(), new NoTokens());
        access = new OperatorAccess(store, tokens, passwords);
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    private void change(Runnable change) {
        WriteSet set = database.newWriteSet();
        metadata.scope().enter(set);
        try {
            change.run();
            database.write(set);
        } finally {
            metadata.scope().leave();
        }
    }

    private void addUsers() {
        String hash = passwords.hash("secret").toCompletableFuture().join();
        change(() -> {
            store.addUser("root", ByteString.copyFromUtf8(hash), false);
            store.grantRole("root", "root");
            store.addUser("alice", ByteString.copyFromUtf8(hash), false);
            store.addUser("bare", ByteString.EMPTY, true);
            store.grantRole("bare", "root");
        });
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Verdict judge(String address, @Nullable String authorization) {
        return access.judge(address, false, authorization);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "::1"})
    void judgeWhenOnLoopbackPermitsEverybodyAsLongAsAuthenticationIsOff(String address) {
        addUsers();
        assertThat(judge(address, null)).isEqualTo(Verdict.PERMITTED);
        change(store::enable);
        assertThat(judge(address, null)).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(address, basic("root:secret"))).isEqualTo(Verdict.PERMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "fe80::1", "localhost", ""})
    void judgeWhenElsewhereAsksEverybodyWhoHeIs(String address) {
        assertThat(judge(address, null)).isEqualTo(Verdict.UNKNOWN);
        addUsers();
        assertThat(judge(address, null)).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(address, basic("root:secret"))).isEqualTo(Verdict.PERMITTED);
        assertThat(access.judge(address, true, null)).isEqualTo(Verdict.PERMITTED);
    }

    @Test
    void judgeWhenAPasswordIsGivenWantsTheRightOneOfAUserWithRoot() {
        addUsers();
        assertThat(judge(ELSEWHERE, basic("alice:secret"))).isEqualTo(Verdict.FORBIDDEN);
        assertThat(judge(ELSEWHERE, basic("root:wrong"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(ELSEWHERE, basic("nobody:secret"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(ELSEWHERE, basic("bare:"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(ELSEWHERE, basic("root"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(ELSEWHERE, basic(""))).isEqualTo(Verdict.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic !!!", "Bearer", "Digest x", "cm9vdDpzZWNyZXQ=", "Bearer nothing"})
    void judgeWhenCredentialsAreNoneDoesNotKnowWhoAsks(String authorization) {
        addUsers();
        assertThat(judge(ELSEWHERE, authorization)).isEqualTo(Verdict.UNKNOWN);
    }

    /** The name of a scheme is the same in upper and lower case (RFC 9110). */
    @Test
    void judgeWhenTheSchemeIsWrittenOtherwiseIsTheSame() {
        addUsers();
        known.put("t", new Identity("root", 0, List.of(), Identity.Origin.TOKEN));
        assertThat(judge(ELSEWHERE, basic("root:secret").replace("Basic", "basic")))
                .isEqualTo(Verdict.PERMITTED);
        assertThat(judge(ELSEWHERE, "bearer t")).isEqualTo(Verdict.PERMITTED);
    }

    @Test
    void judgeWhenATokenIsGivenWantsOneOfAUserWithRoot() {
        addUsers();
        known.put("root", new Identity("root", 0, List.of(), Identity.Origin.TOKEN));
        known.put("alice", new Identity("alice", 0, List.of(), Identity.Origin.TOKEN));
        known.put("outside", new Identity("x", 0, List.of("root"), Identity.Origin.ISSUER));
        assertThat(judge(ELSEWHERE, "Bearer root")).isEqualTo(Verdict.PERMITTED);
        assertThat(judge(ELSEWHERE, "Bearer alice")).isEqualTo(Verdict.FORBIDDEN);
        assertThat(judge(ELSEWHERE, "Bearer outside")).isEqualTo(Verdict.PERMITTED);
    }

    /** A signed token is void after any change of users, which may have been a new password of root. */
    @Test
    void judgeWhenATokenIsOfOlderRulesDoesNotKnowWhoAsks() {
        addUsers();
        long revision = store.rules().revision();
        known.put("root", new Identity("root", revision, List.of(), Identity.Origin.TOKEN));
        assertThat(judge(ELSEWHERE, "Bearer root")).isEqualTo(Verdict.PERMITTED);
        change(() -> store.changePassword("root", ByteString.copyFromUtf8("other")));
        assertThat(judge(ELSEWHERE, "Bearer root")).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void judgeWhenTooManyPasswordsWaitIsRefused() {
        addUsers();
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        var first = pool.run(() -> {
            running.countDown();
            return awaited(gate);
        });
        assertThat(awaited(running)).isTrue();
        var second = pool.run(() -> awaited(gate));
        assertThatThrownBy(() -> judge(ELSEWHERE, basic("root:secret")))
                .isInstanceOf(RequestException.class)
                .hasMessage("TOO_MANY_REQUESTS");
        gate.countDown();
        assertThat(first.toCompletableFuture().join()).isTrue();
        assertThat(second.toCompletableFuture().join()).isTrue();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
