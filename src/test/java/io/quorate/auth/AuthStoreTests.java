package io.quorate.auth;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.fixture.StoredMetadata;
import io.quorate.identity.Identity;
import io.quorate.identity.NoTokens;
import io.quorate.identity.Tokens;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.authpb.Permission;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthStoreTests {

    private static final ByteString HASH = ByteString.copyFromUtf8("$2a$04$hash");
    private static final KeyRange FOO = KeyRange.single(Bytes.utf8("foo"));

    @TempDir
    private Path directory;

    private Database database;
    private StoredMetadata metadata;
    private AuthStore store;
    private final List<String> told = new ArrayList<>();

    private final Tokens tokens = new NoTokens() {
        @Override
        public void forget(String user) {
            told.add("forget " + user);
        }

        @Override
        public void enable() {
            told.add("enable");
        }

        @Override
        public void disable() {
            told.add("disable");
        }
    };

    @BeforeEach
    void open() {
        database = Database.open(
                directory, StorageSettings.DEFAULTS.withCacheBytes(4 << 20).withWriteBufferBytes(4 << 20));
        metadata = StoredMetadata.on(database);
        store = new AuthStore(metadata.auth(), tokens);
        told.clear();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void change(ThrowingCallable change) {
        WriteSet set = database.newWriteSet();
        metadata.scope().enter(set);
        try {
            change.call();
            database.write(set);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            metadata.scope().leave();
        }
    }

    private void refused(RequestError error, ThrowingCallable change) {
        long revision = store.rules().revision();
        assertThatThrownBy(() -> change(change))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.error()).isEqualTo(error));
        assertThat(store.rules().revision()).isEqualTo(revision);
    }

    private void changed(ThrowingCallable change) {
        long revision = store.rules().revision();
        change(change);
        assertThat(store.rules().revision()).isEqualTo(revision + 1);
    }

    private static Permission permission(Permission.Type type, String key, String end) {
        return Permission.newBuilder()
                .setPermType(type)
                .setKey(ByteString.copyFromUtf8(key))
                .setRangeEnd(ByteString.copyFromUtf8(end))
                .build();
    }

    private Identity user(String name) {
        return new Identity(name, store.rules().revision(), List.of(), Identity.Origin.TOKEN);
    }

    private void enabled() {
        change(() -> store.addUser("root", HASH, false));
        change(() -> store.grantRole("root", "root"));
        change(() -> store.enable());
    }

    @Test
    void newStoreIsOffAtRevisionOne() {
        assertThat(store.rules().isEnabled()).isFalse();
        assertThat(store.rules().revision()).isEqualTo(1);
        assertThatCode(() -> store.rules().requireAdmin(user("anybody"))).doesNotThrowAnyException();
    }

    @Test
    void enableNeedsRootWithItsRoleAndKeepsTheRevision() {
        refused(RequestError.ROOT_USER_NOT_FOUND, () -> store.enable());
        changed(() -> store.addUser("root", HASH, false));
        refused(RequestError.ROOT_ROLE_NOT_GRANTED, () -> store.enable());
        changed(() -> store.grantRole("root", "root"));
        change(() -> store.enable());
        assertThat(store.rules().revision()).isEqualTo(3);
        change(() -> store.enable());
        assertThat(told).containsExactly("enable");
        changed(() -> store.disable());
        change(() -> store.disable());
        assertThat(told).containsExactly("enable", "disable");
    }

    @Test
    void usersAreAddedOnceAndForgottenWhenTheyGo() {
        refused(RequestError.USER_NAME_EMPTY, () -> store.addUser("", HASH, false));
        changed(() -> store.addUser("b", HASH, false));
        changed(() -> store.addUser("a", ByteString.EMPTY, true));
        refused(RequestError.USER_EXISTS, () -> store.addUser("b", HASH, false));
        assertThat(store.userNames()).containsExactly("a", "b");
        changed(() -> store.changePassword("b", HASH.concat(HASH)));
        changed(() -> store.changePassword("a", HASH));
        assertThat(present(store.find("a")).passwordHash())
                .as("a user without a password")
                .isEmpty();
        changed(() -> store.deleteUser("b"));
        refused(RequestError.USER_NOT_FOUND, () -> store.deleteUser("b"));
        refused(RequestError.USER_NOT_FOUND, () -> store.changePassword("b", HASH));
        assertThat(told).containsExactly("forget b", "forget a", "forget b");
    }

    @Test
    void rolesAreGrantedSortedOnceAndGoWithTheRole() {
        changed(() -> store.addUser("u", HASH, false));
        refused(RequestError.ROLE_NOT_FOUND, () -> store.grantRole("u", "r"));
        refused(RequestError.USER_NOT_FOUND, () -> store.grantRole("nobody", "root"));
        refused(RequestError.ROLE_NAME_EMPTY, () -> store.addRole(""));
        changed(() -> store.addRole("r"));
        changed(() -> store.addRole("q"));
        refused(RequestError.ROLE_EXISTS, () -> store.addRole("q"));
        changed(() -> store.grantRole("u", "r"));
        changed(() -> store.grantRole("u", "q"));
        long before = store.rules().revision();
        change(() -> store.grantRole("u", "q"));
        assertThat(store.rules().revision()).as("granted before").isEqualTo(before);
        assertThat(store.rolesOf("u")).containsExactly("q", "r");
        assertThat(store.roleNames()).containsExactly("q", "r");
        changed(() -> store.deleteRole("q"));
        assertThat(store.rolesOf("u")).containsExactly("r");
        changed(() -> store.revokeRole("u", "r"));
        refused(RequestError.ROLE_NOT_GRANTED, () -> store.revokeRole("u", "r"));
        refused(RequestError.ROLE_NOT_FOUND, () -> store.deleteRole("q"));
    }

    @Test
    void rootCannotBeLostWhileOn() {
        enabled();
        change(() -> store.addRole("root"));
        refused(RequestError.INVALID_AUTH_MANAGEMENT, () -> store.deleteUser("root"));
        refused(RequestError.INVALID_AUTH_MANAGEMENT, () -> store.revokeRole("root", "root"));
        refused(RequestError.INVALID_AUTH_MANAGEMENT, () -> store.deleteRole("root"));
        change(() -> store.disable());
        changed(() -> store.deleteRole("root"));
        changed(() -> store.deleteUser("root"));
    }

    @Test
    void permissionsAreReplacedForTheSameRangeOnly() {
        change(() -> store.addRole("r"));
        changed(() -> store.grantPermission("r", permission(Permission.Type.READ, "b", "d")));
        changed(() -> store.grantPermission("r", permission(Permission.Type.WRITE, "a", "")));
        changed(() -> store.grantPermission("r", permission(Permission.Type.READWRITE, "b", "d")));
        assertThat(store.permissionsOf("r"))
                .containsExactly(
                        permission(Permission.Type.WRITE, "a", ""), permission(Permission.Type.READWRITE, "b", "d"));
        refused(
                RequestError.INVALID_AUTH_MANAGEMENT,
                () -> store.grantPermission("r", permission(Permission.Type.READ, "", "\0")));
        refused(
                RequestError.INVALID_AUTH_MANAGEMENT,
                () -> store.grantPermission("r", permission(Permission.Type.READ, "d", "b")));
        refused(
                RequestError.ROLE_NOT_FOUND,
                () -> store.grantPermission("q", permission(Permission.Type.READ, "a", "\0")));
        refused(
                RequestError.PERMISSION_NOT_GRANTED,
                () -> store.revokePermission("r", ByteString.copyFromUtf8("b"), ByteString.EMPTY));
        changed(() -> store.revokePermission("r", ByteString.copyFromUtf8("b"), ByteString.copyFromUtf8("d")));
        assertThat(store.permissionsOf("r")).hasSize(1);
    }

    /** As in etcd: only the first permission that begins with a key is replaced, so another one for it comes twice. */
    @Test
    void permissionBehindAnotherOfTheSameKeyComesTwice() {
        change(() -> store.addRole("r"));
        change(() -> store.grantPermission("r", permission(Permission.Type.READ, "a", "b")));
        change(() -> store.grantPermission("r", permission(Permission.Type.READ, "a", "c")));
        change(() -> store.grantPermission("r", permission(Permission.Type.WRITE, "a", "c")));
        assertThat(store.permissionsOf("r")).hasSize(3);
        change(() -> store.revokePermission("r", ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("c")));
        assertThat(store.permissionsOf("r")).hasSize(1);
    }

    @Test
    void rulesRefuseInTheOrderOfEtcd() {
        enabled();
        change(() -> store.addUser("u", HASH, false));
        change(() -> store.addRole("r"));
        Identity old = user("u");
        change(() -> store.grantPermission("r", permission(Permission.Type.READ, "foo", "")));
        change(() -> store.grantRole("u", "r"));
        AuthRules rules = store.rules();
        assertThatCode(() -> rules.requireRead(user("u"), FOO)).doesNotThrowAnyException();
        denied(RequestError.PERMISSION_DENIED, () -> rules.requireWrite(user("u"), FOO));
        denied(RequestError.PERMISSION_DENIED, () -> rules.requireRead(user("nobody"), FOO));
        denied(RequestError.AUTH_REVISION_OLD, () -> rules.requireRead(old, FOO));
        denied(
                RequestError.USER_NAME_EMPTY,
                () -> rules.requireRead(new Identity("u", 0, List.of(), Identity.Origin.TOKEN), FOO));
        denied(RequestError.PERMISSION_DENIED, () -> rules.requireAdmin(user("u")));
        denied(RequestError.USER_NOT_FOUND, () -> rules.requireAdmin(user("nobody")));
        denied(RequestError.USER_NAME_EMPTY, () -> rules.requireAdmin(user("")));
        assertThatCode(() -> rules.requireAdmin(user("root"))).doesNotThrowAnyException();
        assertThatCode(() -> rules.requireWrite(user("root"), KeyRange.ALL)).doesNotThrowAnyException();
        assertThatCode(() -> rules.requireCurrent(user("u"))).doesNotThrowAnyException();
        denied(RequestError.AUTH_REVISION_OLD, () -> rules.requireCurrent(old));
        assertThat(rules.hasRole(user("u"), "r")).isTrue();
        assertThat(rules.hasRole(user("u"), "root")).isFalse();
    }

    @Test
    void rolesOfAnOutsideIssuerCountBesideThoseOfTheUser() {
        enabled();
        change(() -> store.addRole("r"));
        change(() -> store.grantPermission("r", permission(Permission.Type.READWRITE, "foo", "")));
        AuthRules rules = store.rules();
        Identity guest = new Identity("guest", rules.revision(), List.of("r"), Identity.Origin.ISSUER);
        assertThatCode(() -> rules.requireWrite(guest, FOO)).doesNotThrowAnyException();
        denied(RequestError.PERMISSION_DENIED, () -> rules.requireAdmin(guest));
        assertThat(rules.isAdmin(new Identity("x", rules.revision(), List.of("root"), Identity.Origin.ISSUER)))
                .isTrue();
    }

    private static void denied(RequestError error, ThrowingCallable check) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void everythingIsThereAfterARestart() {
        enabled();
        change(() -> store.addUser("u", ByteString.EMPTY, true));
        change(() -> store.addRole("r"));
        change(() -> store.grantPermission("r", permission(Permission.Type.READ, "a", "\0")));
        change(() -> store.grantRole("u", "r"));
        long revision = store.rules().revision();
        told.clear();
        AuthStore restarted = new AuthStore(metadata.auth(), tokens);
        assertThat(told).containsExactly("enable");
        assertThat(restarted.rules().isEnabled()).isTrue();
        assertThat(restarted.rules().revision()).isEqualTo(revision);
        assertThat(restarted.find("u")).isEqualTo(new User("u", ByteString.EMPTY, List.of("r"), true));
        assertThat(present(restarted.find("root")).passwordHash()).isEqualTo(HASH);
        assertThat(restarted.permissionsOf("r")).containsExactly(permission(Permission.Type.READ, "a", "\0"));
    }

    @Test
    void ownRequestsAreMadeAsRootOnlyWhileOn() {
        assertThat(store.asRoot(InternalRaftRequest.newBuilder()).hasHeader()).isFalse();
        enabled();
        InternalRaftRequest.Builder own = store.asRoot(InternalRaftRequest.newBuilder());
        assertThat(own.getHeader().getUsername()).isEqualTo("root");
        assertThat(own.getHeader().getAuthRevision()).isEqualTo(3);
    }

    @Test
    void hashIsNotPrinted() {
        change(() -> store.addUser("u", HASH, false));
        assertThat(present(store.find("u")).toString()).doesNotContain("$2a$");
    }
}
