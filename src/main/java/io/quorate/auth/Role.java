package io.quorate.auth;

import io.quorate.proto.authpb.Permission;
import java.util.List;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;

/**
 * One role.
 *
 * @param permissions sorted by key
 */
@KeySpace("role")
public record Role(@Id String name, List<Permission> permissions) {

    public Role {
        permissions = List.copyOf(permissions);
    }
}
