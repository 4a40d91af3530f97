package io.quorate.auth;

import com.google.protobuf.ByteString;
import io.quorate.storage.Family;

/** Settings of authentication on disk: the name to the bytes that etcd stores. */
public final class AuthSettingCodec extends NamedCodec<AuthSetting> {

    @Override
    public Class<AuthSetting> type() {
        return AuthSetting.class;
    }

    @Override
    public Family family() {
        return Family.AUTH;
    }

    @Override
    public byte[] encode(AuthSetting setting) {
        return setting.value().toByteArray();
    }

    @Override
    AuthSetting parse(String name, byte[] value) {
        return new AuthSetting(name, ByteString.copyFrom(value));
    }
}
