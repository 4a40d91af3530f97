package io.quorate.auth;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.authpb.Permission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a set of roles allows.
 *
 * @param root whether everything is allowed
 * @param readable keys that may be read
 * @param writable keys that may be written
 */
record Rights(boolean root, KeySet readable, KeySet writable) {

    static Rights of(Collection<String> granted, Map<String, Role> roles) {
        List<KeyRange> readable = new ArrayList<>();
        List<KeyRange> writable = new ArrayList<>();
        for (String name : granted) {
            Role role = roles.get(name);
            if (role == null) {
                continue; // the role root need not exist
            }
            for (Permission permission : role.permissions()) {
                KeyRange range = range(permission);
                switch (permission.getPermType()) {
                    case READ -> readable.add(range);
                    case WRITE -> writable.add(range);
                    case READWRITE -> {
                        readable.add(range);
                        writable.add(range);
                    }
                    case UNRECOGNIZED -> {} // a number without a meaning allows nothing
                }
            }
        }
        return new Rights(granted.contains(AuthStore.ROOT), KeySet.of(readable), KeySet.of(writable));
    }

    private static KeyRange range(Permission permission) {
        return KeyRange.of(
                Bytes.wrap(permission.getKey().toByteArray()),
                Bytes.wrap(permission.getRangeEnd().toByteArray()));
    }
}
