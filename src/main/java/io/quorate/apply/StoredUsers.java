package io.quorate.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.auth.Role;
import io.quorate.auth.User;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.proto.following.FollowUsers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Users and roles as etcd stores them.
 *
 * @param after the name behind which theirs begin, in the order of bytes
 * @param upTo the last name they may have; empty for any
 */
record StoredUsers(ByteString after, ByteString upTo, List<User> users, List<Role> roles) {

    private static final Comparator<ByteString> BY_BYTES = ByteString.unsignedLexicographicalComparator();

    /** @throws RequestException if one cannot be read, has no name or one beyond the range */
    static StoredUsers of(FollowUsers step) {
        StoredUsers stored = new StoredUsers(
                step.getAfter(), step.getUpTo(), users(step.getUsersList()), roles(step.getRolesList()));
        if (!stored.users.stream().map(User::name).allMatch(stored::isInRange)
                || !stored.roles.stream().map(Role::name).allMatch(stored::isInRange)) {
            throw malformed();
        }
        return stored;
    }

    boolean isInRange(String name) {
        ByteString bytes = ByteString.copyFromUtf8(name);
        return BY_BYTES.compare(bytes, after) > 0 && (upTo.isEmpty() || BY_BYTES.compare(bytes, upTo) <= 0);
    }

    private static List<User> users(List<ByteString> stored) {
        List<User> users = new ArrayList<>();
        for (ByteString each : stored) {
            try {
                var user = io.quorate.proto.authpb.User.parseFrom(each);
                users.add(new User(
                        named(user.getName()),
                        user.getPassword(),
                        user.getRolesList(),
                        user.getOptions().getNoPassword()));
            } catch (InvalidProtocolBufferException e) {
                throw malformed();
            }
        }
        return users;
    }

    private static List<Role> roles(List<ByteString> stored) {
        List<Role> roles = new ArrayList<>();
        for (ByteString each : stored) {
            try {
                var role = io.quorate.proto.authpb.Role.parseFrom(each);
                roles.add(new Role(named(role.getName()), role.getKeyPermissionList()));
            } catch (InvalidProtocolBufferException e) {
                throw malformed();
            }
        }
        return roles;
    }

    private static String named(ByteString name) {
        if (name.isEmpty()) {
            throw malformed();
        }
        return name.toStringUtf8();
    }

    private static RequestException malformed() {
        return new RequestException(RequestError.STEP_INVALID);
    }
}
