package io.quorate.auth;

import com.google.protobuf.ByteString;
import java.util.List;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;

/**
 * One user.
 *
 * @param passwordHash what bcrypt made of the password; empty for a user without one
 * @param roles names of roles, sorted; the role {@code root} need not exist to be granted
 * @param noPassword whether this user can only be known by a certificate
 */
@KeySpace("user")
public record User(@Id String name, ByteString passwordHash, List<String> roles, boolean noPassword) {

    public User {
        roles = List.copyOf(roles);
    }

    User withRoles(List<String> others) {
        return new User(name, passwordHash, others, noPassword);
    }

    User withPasswordHash(ByteString other) {
        return new User(name, other, roles, noPassword);
    }

    /** Leaves the hash out: it belongs into no log. */
    @Override
    public String toString() {
        return "user " + name + " with roles " + roles;
    }
}
