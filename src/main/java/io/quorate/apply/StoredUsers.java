package io.quorate.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.auth.Role;
import io.quorate.auth.User;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.ArrayList;
import java.util.List;

/** Users and roles as etcd stores them. */
final class StoredUsers {

    private StoredUsers() {}

    /** @throws RequestException if one cannot be read or has no name */
    static List<User> users(List<ByteString> stored) {
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

    /** @throws RequestException if one cannot be read or has no name */
    static List<Role> roles(List<ByteString> stored) {
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
