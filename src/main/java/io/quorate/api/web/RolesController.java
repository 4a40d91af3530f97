package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleDeleteRequest;
import io.quorate.proto.AuthRoleGetRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthRoleListRequest;
import io.quorate.proto.AuthRoleRevokePermissionRequest;
import io.quorate.proto.authpb.Permission;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Roles and the permissions they have. */
@RestController
@RequestMapping("/api/v1/roles")
class RolesController {

    /** A role to be. */
    record NewRole(@Nullable String name) {}

    /** Names of all roles. */
    record RoleList(List<String> roles) {}

    /** A role and its permissions. */
    record RoleView(String name, List<PermissionView> permissions) {}

    /**
     * A permission.
     *
     * @param type read, write or readwrite
     * @param prefix whether it is for all keys that begin so
     * @param end in {@code endEncoding}, behind the last key, if it is for another range
     */
    record PermissionView(
            @Nullable String type,
            @Nullable String key,
            @Nullable String keyEncoding,
            boolean prefix,
            @Nullable String end,
            @Nullable String endEncoding) {

        static PermissionView of(Permission permission) {
            ByteString from = permission.getKey();
            ByteString to = permission.getRangeEnd();
            ByteText key = ByteText.of(from);
            boolean prefix =
                    !to.isEmpty() && to.equals(ByteText.prefixEnd(from.equals(ByteText.ALL) ? ByteString.EMPTY : from));
            ByteText end = to.isEmpty() || prefix ? null : ByteText.of(to);
            String shown = prefix && from.equals(ByteText.ALL) ? "" : key.text();
            return new PermissionView(
                    permission.getPermType().name().toLowerCase(Locale.ROOT),
                    shown,
                    key.encoding(),
                    prefix,
                    end == null ? null : end.text(),
                    end == null ? null : end.encoding());
        }

        ByteString from() {
            if (key == null) {
                throw Problem.field("key", "missing");
            }
            ByteString bytes = ByteText.bytes(key, keyEncoding, "key");
            return prefix ? KeyPage.first(bytes) : bytes;
        }

        ByteString to() {
            if (prefix && end != null) {
                throw Problem.field("end", "not together with prefix");
            }
            if (prefix) {
                return ByteText.prefixEnd(ByteText.bytes(key == null ? "" : key, keyEncoding, "key"));
            }
            return end == null ? ByteString.EMPTY : ByteText.bytes(end, endEncoding, "end");
        }

        Permission.Type kind() {
            return switch (type == null ? "" : type) {
                case "read" -> Permission.Type.READ;
                case "write" -> Permission.Type.WRITE;
                case "readwrite" -> Permission.Type.READWRITE;
                default -> throw Problem.field("type", "read, write or readwrite");
            };
        }
    }

    /** Lists roles. */
    @Summary("Lists roles.")
    @GetMapping
    RoleList list(RestRequest request) {
        return new RoleList(
                List.copyOf(request.call(AuthGrpc.getRoleListMethod(), AuthRoleListRequest.getDefaultInstance())
                        .getRolesList()));
    }

    /** Adds a role. */
    @Summary(value = "Adds a role.", status = 201, problems = 409)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RoleView> add(RestRequest request, @RequestBody NewRole body) {
        String name = Parameters.newName(body.name());
        request.call(
                AuthGrpc.getRoleAddMethod(),
                AuthRoleAddRequest.newBuilder().setName(name).build());
        return ResponseEntity.status(201).body(new RoleView(name, List.of()));
    }

    /** Tells of a role. */
    @Summary(value = "Tells of a role.", problems = 404)
    @GetMapping("/{name}")
    RoleView get(RestRequest request, @PathVariable String name) {
        return new RoleView(
                name,
                request
                        .call(
                                AuthGrpc.getRoleGetMethod(),
                                AuthRoleGetRequest.newBuilder().setRole(name).build())
                        .getPermList()
                        .stream()
                        .map(PermissionView::of)
                        .toList());
    }

    /** Removes a role. */
    @Summary(value = "Removes a role.", status = 204, problems = 404)
    @DeleteMapping("/{name}")
    ResponseEntity<Void> remove(RestRequest request, @PathVariable String name) {
        request.call(
                AuthGrpc.getRoleDeleteMethod(),
                AuthRoleDeleteRequest.newBuilder().setRole(name).build());
        return ResponseEntity.noContent().build();
    }

    /** Gives a role a permission. */
    @Summary(value = "Gives a role a permission.", status = 204, problems = 404)
    @PostMapping(path = "/{name}/permissions", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> grant(RestRequest request, @PathVariable String name, @RequestBody PermissionView body) {
        request.call(
                AuthGrpc.getRoleGrantPermissionMethod(),
                AuthRoleGrantPermissionRequest.newBuilder()
                        .setName(name)
                        .setPerm(Permission.newBuilder()
                                .setPermType(body.kind())
                                .setKey(body.from())
                                .setRangeEnd(body.to()))
                        .build());
        return ResponseEntity.noContent().build();
    }

    /** Takes a permission from a role. */
    @Summary(
            value = "Takes a permission from a role.",
            status = 204,
            problems = {404, 409})
    @DeleteMapping("/{name}/permissions")
    ResponseEntity<Void> revoke(
            RestRequest request,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(name = "key_encoding", required = false) @Nullable String keyEncoding,
            @RequestParam(required = false) @Nullable String prefix,
            @RequestParam(required = false) @Nullable String end,
            @RequestParam(name = "end_encoding", required = false) @Nullable String endEncoding) {
        PermissionView permission =
                new PermissionView(null, key, keyEncoding, Parameters.flag("prefix", prefix), end, endEncoding);
        request.call(
                AuthGrpc.getRoleRevokePermissionMethod(),
                AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole(name)
                        .setKey(permission.from())
                        .setRangeEnd(permission.to())
                        .build());
        return ResponseEntity.noContent().build();
    }
}
