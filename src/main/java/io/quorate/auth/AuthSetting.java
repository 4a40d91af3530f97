package io.quorate.auth;

import com.google.protobuf.ByteString;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;

/** A single value of authentication, as etcd stores it: whether it is on, or its revision. */
@KeySpace("auth")
public record AuthSetting(@Id String name, ByteString value) {

    static final String ENABLED = "authEnabled";
    /** The name of the revision, eight bytes with the big end first. */
    public static final String REVISION = "authRevision";
}
