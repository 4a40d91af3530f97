package io.quorate.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.proto.authpb.UserAddOptions;
import io.quorate.storage.Family;

/** Users on disk: the name to {@code authpb.User}, as etcd has it. */
public final class UserCodec extends NamedCodec<User> {

    @Override
    public Class<User> type() {
        return User.class;
    }

    @Override
    public Family family() {
        return Family.USER;
    }

    @Override
    public byte[] encode(User user) {
        return io.quorate.proto.authpb.User.newBuilder()
                .setName(ByteString.copyFromUtf8(user.name()))
                .setPassword(user.passwordHash())
                .addAllRoles(user.roles())
                .setOptions(UserAddOptions.newBuilder().setNoPassword(user.noPassword()))
                .build()
                .toByteArray();
    }

    @Override
    User parse(String name, byte[] value) throws InvalidProtocolBufferException {
        var stored = io.quorate.proto.authpb.User.parseFrom(value);
        return new User(
                name,
                stored.getPassword(),
                stored.getRolesList(),
                stored.getOptions().getNoPassword());
    }
}
