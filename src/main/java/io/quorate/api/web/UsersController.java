package io.quorate.api.web;

import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserGetRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.AuthUserRevokeRoleRequest;
import io.quorate.proto.authpb.UserAddOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Users and the roles they have. */
@RestController
@RequestMapping("/api/v1/users")
class UsersController {

    /** A user to be; without a password only certificates name him. */
    record NewUser(@Nullable String name, @Nullable String password, boolean noPassword) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "user " + name;
        }
    }

    /** A new password. */
    record NewPassword(@Nullable String password) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "a password";
        }
    }

    /** A user and the names of his roles. */
    record UserView(String name, List<String> roles) {}

    /** Names of all users. */
    record UserList(List<String> users) {}

    /** Lists users. */
    @Summary("Lists users.")
    @GetMapping
    UserList list(RestRequest request) {
        return new UserList(
                List.copyOf(request.call(AuthGrpc.getUserListMethod(), AuthUserListRequest.getDefaultInstance())
                        .getUsersList()));
    }

    /** Adds a user. */
    @Summary(value = "Adds a user.", status = 201, problems = 409)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<UserView> add(RestRequest request, @RequestBody NewUser body) {
        String name = Parameters.newName(body.name());
        if (name.isEmpty()) { // the member would say what it says to a request without a user
            throw Problem.field("name", "is empty");
        }
        AuthUserAddRequest.Builder user = AuthUserAddRequest.newBuilder()
                .setName(name)
                .setOptions(UserAddOptions.newBuilder().setNoPassword(body.noPassword()));
        if (!body.noPassword()) {
            user.setPassword(Parameters.given("password", body.password()));
        } else if (body.password() != null) {
            throw Problem.field("password", "not together with no_password");
        }
        request.call(AuthGrpc.getUserAddMethod(), user.build());
        return ResponseEntity.status(201).body(new UserView(name, List.of()));
    }

    /** Tells of a user. */
    @Summary(value = "Tells of a user.", problems = 404)
    @GetMapping("/{name}")
    UserView get(RestRequest request, @PathVariable String name) {
        return new UserView(
                name,
                List.copyOf(request.call(
                                AuthGrpc.getUserGetMethod(),
                                AuthUserGetRequest.newBuilder().setName(name).build())
                        .getRolesList()));
    }

    /** Removes a user. */
    @Summary(value = "Removes a user.", status = 204, problems = 404)
    @DeleteMapping("/{name}")
    ResponseEntity<Void> remove(RestRequest request, @PathVariable String name) {
        request.call(
                AuthGrpc.getUserDeleteMethod(),
                AuthUserDeleteRequest.newBuilder().setName(name).build());
        return ResponseEntity.noContent().build();
    }

    /** Gives a user another password. */
    @Summary(value = "Gives a user another password.", status = 204, problems = 404)
    @PutMapping(path = "/{name}/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> changePassword(RestRequest request, @PathVariable String name, @RequestBody NewPassword body) {
        request.call(
                AuthGrpc.getUserChangePasswordMethod(),
                AuthUserChangePasswordRequest.newBuilder()
                        .setName(name)
                        .setPassword(Parameters.given("password", body.password()))
                        .build());
        return ResponseEntity.noContent().build();
    }

    /** Gives a user a role. */
    @Summary(value = "Gives a user a role.", status = 204, problems = 404)
    @PutMapping("/{name}/roles/{role}")
    ResponseEntity<Void> grant(RestRequest request, @PathVariable String name, @PathVariable String role) {
        request.call(
                AuthGrpc.getUserGrantRoleMethod(),
                AuthUserGrantRoleRequest.newBuilder()
                        .setUser(name)
                        .setRole(role)
                        .build());
        return ResponseEntity.noContent().build();
    }

    /** Takes a role from a user. */
    @Summary(
            value = "Takes a role from a user.",
            status = 204,
            problems = {404, 409})
    @DeleteMapping("/{name}/roles/{role}")
    ResponseEntity<Void> revoke(RestRequest request, @PathVariable String name, @PathVariable String role) {
        request.call(
                AuthGrpc.getUserRevokeRoleMethod(),
                AuthUserRevokeRoleRequest.newBuilder()
                        .setName(name)
                        .setRole(role)
                        .build());
        return ResponseEntity.noContent().build();
    }
}
