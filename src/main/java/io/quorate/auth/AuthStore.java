package io.quorate.auth;

import com.google.protobuf.ByteString;
import io.quorate.base.Meters;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.identity.Tokens;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.authpb.Permission;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and the switch that puts them in force. Every change is checked as etcd checks it, in its order, and written in the
 * write of the entry that asks for it. Changed by the {@code apply} thread only; {@link #rules} may be read by any thread.
 */
@Slf4j
public final class AuthStore {

    /** Name of the user that must exist before authentication is switched on, and of the role that allows everything. */
    public static final String ROOT = "root";

    private static final ByteString ON = ByteString.copyFrom(new byte[] {1});
    private static final ByteString OFF = ByteString.copyFrom(new byte[] {0});
    private static final Comparator<String> BY_BYTES =
            Comparator.comparing(ByteString::copyFromUtf8, ByteString.unsignedLexicographicalComparator());

    private final UserRepository users;
    private final RoleRepository roles;
    private final AuthSettingRepository settings;
    private final Tokens tokens;
    private volatile AuthRules rules;

    /**
     * Where users and roles are stored.
     *
     * @param settings whether authentication is on, and its revision
     */
    public record Repositories(UserRepository users, RoleRepository roles, AuthSettingRepository settings) {}

    /**
     * Restores what the database holds.
     *
     * @param tokens learns of users whose tokens are no longer good
     */
    public AuthStore(Repositories repositories, Tokens tokens) {
        this.users = repositories.users();
        this.roles = repositories.roles();
        this.settings = repositories.settings();
        this.tokens = tokens;
        this.rules = load();
        switchTokens();
    }

    /** Forgets everything and reads the database again, after a snapshot was installed. */
    public void restore() {
        rules = load();
        switchTokens();
    }

    private AuthRules load() {
        boolean enabled = settings.findById(AuthSetting.ENABLED)
                .map(setting -> setting.value().equals(ON))
                .orElse(false);
        long revision = settings.findById(AuthSetting.REVISION)
                .map(setting -> setting.value().asReadOnlyByteBuffer().getLong())
                .orElse(1L);
        return new AuthRules(
                enabled,
                revision,
                users.findAll().stream().collect(Collectors.toMap(User::name, user -> user)),
                roles.findAll().stream().collect(Collectors.toMap(Role::name, role -> role)));
    }

    private void switchTokens() {
        if (rules.isEnabled()) {
            tokens.enable();
        } else {
            tokens.disable();
        }
    }

    /** The rules that are in force now. Cheap. */
    public AuthRules rules() {
        return rules;
    }

    /** Puts a request that the member makes of itself in the name of root, if that is needed. */
    public InternalRaftRequest.Builder asRoot(InternalRaftRequest.Builder request) {
        AuthRules now = rules;
        if (now.isEnabled()) {
            request.getHeaderBuilder().setUsername(ROOT).setAuthRevision(now.revision());
        }
        return request;
    }

    /** Registers what is shown of it. */
    public void register(Meters meters) {
        meters.gauge(
                "etcd_debugging_auth_revision",
                "Number of changes made to users, roles and permissions.",
                () -> rules.revision());
    }

    // ---- the switch

    /** Puts users and roles in force; nothing happens when they are. */
    public void enable() {
        if (rules.isEnabled()) {
            return;
        }
        User root = rules.user(ROOT);
        if (root == null) {
            throw refused(RequestError.ROOT_USER_NOT_FOUND);
        }
        if (!root.roles().contains(ROOT)) {
            throw refused(RequestError.ROOT_ROLE_NOT_GRANTED);
        }
        settings.save(new AuthSetting(AuthSetting.ENABLED, ON));
        rules = new AuthRules(true, rules.revision(), rules.users(), rules.roles());
        tokens.enable();
        log.info("authentication is on, at revision {}", rules.revision());
    }

    /** Lets everybody do everything again; nothing happens when they may. */
    public void disable() {
        if (!rules.isEnabled()) {
            return;
        }
        settings.save(new AuthSetting(AuthSetting.ENABLED, OFF));
        changed(false, rules.users(), rules.roles());
        tokens.disable();
        log.info("authentication is off, at revision {}", rules.revision());
    }

    /**
     * Puts other users and roles in the place of those that there are, with their revision.
     *
     * @param names of those that are replaced; all that are given are of these
     */
    public void replace(
            boolean enabled, long revision, Predicate<String> names, List<User> newUsers, List<Role> newRoles) {
        AuthRules old = rules;
        Map<String, User> allUsers = new HashMap<>(old.users());
        allUsers.keySet().removeIf(names);
        newUsers.forEach(each -> allUsers.put(each.name(), each));
        Map<String, Role> allRoles = new HashMap<>(old.roles());
        allRoles.keySet().removeIf(names);
        newRoles.forEach(each -> allRoles.put(each.name(), each));
        AuthRules next = new AuthRules(enabled, revision, allUsers, allRoles);
        old.users().keySet().stream().filter(name -> next.user(name) == null).forEach(users::deleteById);
        old.roles().keySet().stream().filter(name -> next.role(name) == null).forEach(roles::deleteById);
        users.saveAll(newUsers);
        roles.saveAll(newRoles);
        settings.save(new AuthSetting(AuthSetting.ENABLED, enabled ? ON : OFF));
        saveRevision(revision);
        rules = next;
        if (enabled != old.isEnabled()) {
            switchTokens();
        }
        old.users().forEach((name, user) -> {
            User now = next.user(name);
            if (now == null || !now.passwordHash().equals(user.passwordHash())) {
                tokens.forget(name);
            }
        });
    }

    // ---- users

    /** @param passwordHash empty for one that has none */
    public void addUser(String name, ByteString passwordHash, boolean noPassword) {
        if (name.isEmpty()) {
            throw refused(RequestError.USER_NAME_EMPTY);
        }
        if (rules.user(name) != null) {
            throw refused(RequestError.USER_EXISTS);
        }
        save(new User(name, passwordHash, List.of(), noPassword));
    }

    public void deleteUser(String name) {
        if (rules.isEnabled() && name.equals(ROOT)) {
            throw refused(RequestError.INVALID_AUTH_MANAGEMENT);
        }
        requireUser(name);
        users.deleteById(name);
        Map<String, User> rest = new HashMap<>(rules.users());
        rest.remove(name);
        changed(rules.isEnabled(), rest, rules.roles());
        tokens.forget(name);
    }

    /** A user without a password keeps none. */
    public void changePassword(String name, ByteString passwordHash) {
        User user = requireUser(name);
        save(user.withPasswordHash(user.noPassword() ? ByteString.EMPTY : passwordHash));
        tokens.forget(name);
    }

    /** Granting what is granted changes nothing, also not the revision. The role root need not exist. */
    public void grantRole(String name, String role) {
        User user = requireUser(name);
        if (!role.equals(ROOT)) {
            requireRole(role);
        }
        if (user.roles().contains(role)) {
            return;
        }
        List<String> granted = new ArrayList<>(user.roles());
        granted.add(role);
        granted.sort(BY_BYTES);
        save(user.withRoles(granted));
    }

    public void revokeRole(String name, String role) {
        if (rules.isEnabled() && name.equals(ROOT) && role.equals(ROOT)) {
            throw refused(RequestError.INVALID_AUTH_MANAGEMENT);
        }
        User user = requireUser(name);
        if (!user.roles().contains(role)) {
            throw refused(RequestError.ROLE_NOT_GRANTED);
        }
        save(user.withRoles(without(user.roles(), role)));
    }

    /** The roles of a user, sorted. */
    public List<String> rolesOf(String name) {
        return requireUser(name).roles();
    }

    /** The names of all users, sorted. */
    public List<String> userNames() {
        return sorted(rules.users().keySet());
    }

    /** A user; null if there is none of that name. */
    public @Nullable User find(String name) {
        return rules.user(name);
    }

    /** What a password is compared with; null for an unknown user and for one without a password. */
    public @Nullable String passwordHashOf(String name) {
        User user = rules.user(name);
        return user == null || user.noPassword() ? null : user.passwordHash().toStringUtf8();
    }

    // ---- roles

    public void addRole(String name) {
        if (name.isEmpty()) {
            throw refused(RequestError.ROLE_NAME_EMPTY);
        }
        if (rules.role(name) != null) {
            throw refused(RequestError.ROLE_EXISTS);
        }
        save(new Role(name, List.of()));
    }

    /** Takes the role from all its users. */
    public void deleteRole(String name) {
        if (rules.isEnabled() && name.equals(ROOT)) {
            throw refused(RequestError.INVALID_AUTH_MANAGEMENT);
        }
        requireRole(name);
        roles.deleteById(name);
        Map<String, Role> left = new HashMap<>(rules.roles());
        left.remove(name);
        Map<String, User> changed = new HashMap<>(rules.users());
        changed.replaceAll((userName, user) -> {
            if (!user.roles().contains(name)) {
                return user;
            }
            User without = user.withRoles(without(user.roles(), name));
            users.save(without);
            return without;
        });
        changed(rules.isEnabled(), changed, left);
    }

    /** What a role allows; that of root is everything, whatever was granted to it. */
    public List<Permission> permissionsOf(String name) {
        Role role = requireRole(name);
        return name.equals(ROOT) ? List.of(EVERYTHING) : role.permissions();
    }

    private static final Permission EVERYTHING = Permission.newBuilder()
            .setPermType(Permission.Type.READWRITE)
            .setRangeEnd(ByteString.copyFrom(new byte[1]))
            .build();

    /** The names of all roles, sorted. */
    public List<String> roleNames() {
        return sorted(rules.roles().keySet());
    }

    /**
     * Allows something to a role. As in etcd, only the first permission that begins with the key is looked at when one for the same
     * range is to be replaced.
     */
    public void grantPermission(String name, Permission permission) {
        if (!isValid(permission)) {
            throw refused(RequestError.INVALID_AUTH_MANAGEMENT);
        }
        Role role = requireRole(name);
        List<Permission> granted = new ArrayList<>(role.permissions());
        int at = 0;
        while (at < granted.size() && compare(granted.get(at).getKey(), permission.getKey()) < 0) {
            at++;
        }
        if (at < granted.size() && isSameRange(granted.get(at), permission.getKey(), permission.getRangeEnd())) {
            granted.set(at, permission);
        } else {
            granted.add(permission);
            granted.sort((one, other) -> compare(one.getKey(), other.getKey()));
        }
        save(new Role(name, granted));
    }

    public void revokePermission(String name, ByteString key, ByteString rangeEnd) {
        Role role = requireRole(name);
        List<Permission> left = role.permissions().stream()
                .filter(permission -> !isSameRange(permission, key, rangeEnd))
                .toList();
        if (left.size() == role.permissions().size()) {
            throw refused(RequestError.PERMISSION_NOT_GRANTED);
        }
        save(new Role(name, left));
    }

    // ----

    private static boolean isValid(Permission permission) {
        ByteString key = permission.getKey();
        ByteString end = permission.getRangeEnd();
        boolean open = end.size() == 1 && end.byteAt(0) == 0;
        return !key.isEmpty() && (end.isEmpty() || open || compare(key, end) < 0);
    }

    private static boolean isSameRange(Permission permission, ByteString key, ByteString rangeEnd) {
        return permission.getKey().equals(key) && permission.getRangeEnd().equals(rangeEnd);
    }

    private static int compare(ByteString one, ByteString other) {
        return ByteString.unsignedLexicographicalComparator().compare(one, other);
    }

    private static List<String> without(List<String> names, String name) {
        return names.stream().filter(each -> !each.equals(name)).toList();
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().sorted(BY_BYTES).toList();
    }

    private User requireUser(String name) {
        User user = rules.user(name);
        if (user == null) {
            throw refused(RequestError.USER_NOT_FOUND);
        }
        return user;
    }

    private Role requireRole(String name) {
        Role role = rules.role(name);
        if (role == null) {
            throw refused(RequestError.ROLE_NOT_FOUND);
        }
        return role;
    }

    private void save(User user) {
        users.save(user);
        Map<String, User> all = new HashMap<>(rules.users());
        all.put(user.name(), user);
        changed(rules.isEnabled(), all, rules.roles());
    }

    private void save(Role role) {
        roles.save(role);
        Map<String, Role> all = new HashMap<>(rules.roles());
        all.put(role.name(), role);
        changed(rules.isEnabled(), rules.users(), all);
    }

    private void changed(boolean enabled, Map<String, User> allUsers, Map<String, Role> allRoles) {
        long next = rules.revision() + 1;
        saveRevision(next);
        rules = new AuthRules(enabled, next, allUsers, allRoles);
    }

    private void saveRevision(long revision) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(0, revision);
        settings.save(new AuthSetting(AuthSetting.REVISION, ByteString.copyFrom(bytes)));
    }

    private static RequestException refused(RequestError error) {
        return new RequestException(error);
    }
}
