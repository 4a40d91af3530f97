package io.quorate.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.storage.Family;

/** Roles on disk: the name to {@code authpb.Role}, as etcd has it. */
public final class RoleCodec extends NamedCodec<Role> {

    @Override
    public Class<Role> type() {
        return Role.class;
    }

    @Override
    public Family family() {
        return Family.ROLE;
    }

    @Override
    public byte[] encode(Role role) {
        return io.quorate.proto.authpb.Role.newBuilder()
                .setName(ByteString.copyFromUtf8(role.name()))
                .addAllKeyPermission(role.permissions())
                .build()
                .toByteArray();
    }

    @Override
    Role parse(String name, byte[] value) throws InvalidProtocolBufferException {
        return new Role(name, io.quorate.proto.authpb.Role.parseFrom(value).getKeyPermissionList());
    }
}
