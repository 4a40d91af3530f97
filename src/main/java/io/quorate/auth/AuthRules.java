package io.quorate.auth;

import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.identity.Identity;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All users and roles at one moment, and what follows from them. Immutable: each change of {@link AuthStore} makes another one, so
 * what was worked out from old rules goes with them.
 */
public final class AuthRules {

    private final boolean enabled;
    private final long revision;
    private final Map<String, User> users;
    private final Map<String, Role> roles;
    /** Rights of users by name, worked out when first asked for. */
    private final ConcurrentHashMap<String, Rights> rights = new ConcurrentHashMap<>();

    AuthRules(boolean enabled, long revision, Map<String, User> users, Map<String, Role> roles) {
        this.enabled = enabled;
        this.revision = revision;
        this.users = Map.copyOf(users);
        this.roles = Map.copyOf(roles);
    }

    /** Whether anything is checked at all. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Number of changes made to users, roles and permissions, beginning with 1. */
    public long revision() {
        return revision;
    }

    @Nullable
    User user(String name) {
        return users.get(name);
    }

    @Nullable
    Role role(String name) {
        return roles.get(name);
    }

    Map<String, User> users() {
        return users;
    }

    Map<String, Role> roles() {
        return roles;
    }

    /**
     * Refuses a call without a user.
     *
     * @throws RequestException if authentication is on and no credentials were given
     */
    public void requireUser(Identity identity) {
        if (enabled && identity.revision() == 0) {
            throw new RequestException(RequestError.USER_NAME_EMPTY);
        }
    }

    /**
     * Refuses a user without the role root. The revision of the identity does not matter, as in etcd.
     *
     * @throws RequestException if so
     */
    public void requireAdmin(Identity identity) {
        if (!enabled) {
            return;
        }
        if (identity.user().isEmpty()) {
            throw new RequestException(RequestError.USER_NAME_EMPTY);
        }
        if (!isKnown(identity)) {
            throw new RequestException(RequestError.USER_NOT_FOUND);
        }
        if (!rights(identity).root()) {
            throw new RequestException(RequestError.PERMISSION_DENIED);
        }
    }

    /** Whether a user may do everything; also true while nothing is checked. */
    public boolean isAdmin(Identity identity) {
        return !enabled || (isKnown(identity) && rights(identity).root());
    }

    /** Whether a user has a role. */
    public boolean hasRole(Identity identity, String role) {
        User user = users.get(identity.user());
        return identity.roles().contains(role) || (user != null && user.roles().contains(role));
    }

    /**
     * Refuses a user that may not read all keys of a range.
     *
     * @throws RequestException if so, or if the identity was made under older rules
     */
    public void requireRead(Identity identity, KeyRange keys) {
        require(identity, keys, false);
    }

    /** The same for writing. */
    public void requireWrite(Identity identity, KeyRange keys) {
        require(identity, keys, true);
    }

    /**
     * Refuses an answer that was worked out while the rules changed.
     *
     * @throws RequestException if the identity was made under other rules
     */
    public void requireCurrent(Identity identity) {
        if (identity.revision() != 0 && identity.revision() != revision) {
            throw new RequestException(RequestError.AUTH_REVISION_OLD);
        }
    }

    private void require(Identity identity, KeyRange keys, boolean write) {
        if (!enabled) {
            return;
        }
        if (identity.revision() == 0) {
            throw new RequestException(RequestError.USER_NAME_EMPTY);
        }
        if (Long.compareUnsigned(identity.revision(), revision) < 0) {
            throw new RequestException(RequestError.AUTH_REVISION_OLD);
        }
        if (!isKnown(identity)) {
            throw new RequestException(RequestError.PERMISSION_DENIED);
        }
        Rights allowed = rights(identity);
        KeySet set = write ? allowed.writable() : allowed.readable();
        if (!allowed.root() && !set.covers(keys)) {
            throw new RequestException(RequestError.PERMISSION_DENIED);
        }
    }

    private boolean isKnown(Identity identity) {
        return users.containsKey(identity.user()) || !identity.roles().isEmpty();
    }

    /** Roles that an outside issuer grants count beside those of the user, if there is one of that name. */
    private Rights rights(Identity identity) {
        if (identity.roles().isEmpty()) {
            return rights.computeIfAbsent(identity.user(), this::rights);
        }
        Set<String> granted = new HashSet<>(identity.roles());
        User user = users.get(identity.user());
        if (user != null) {
            granted.addAll(user.roles());
        }
        return Rights.of(granted, roles);
    }

    private Rights rights(String name) {
        User user = users.get(name);
        return Rights.of(user == null ? Set.of() : user.roles(), roles);
    }
}
