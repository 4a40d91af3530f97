package io.quorate.migrate;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import io.quorate.apply.RequestCodec;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of etcd's interface v2 in a log. Members of 3.4 and 3.5 wrote their attributes and the cluster's version by such requests.
 *
 * @param id of the request
 * @param method of HTTP, or {@code SYNC}
 * @param path of the node in the store of v2
 * @param value of the node
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record V2Request(long id, String method, String path, byte[] value) {

    private static final Set<String> METHODS = Set.of("GET", "QGET", "HEAD", "PUT", "POST", "DELETE", "SYNC");

    private static final int ID = 1;
    private static final int METHOD = 2;
    private static final int PATH = 3;
    private static final int VALUE = 4;

    /** The field that carries such a request in a request of v3. */
    private static final int ENVELOPE = 2;

    /** The request in an entry, bare or in a request of v3; null if it holds none. */
    static @Nullable V2Request in(byte[] entry) {
        V2Request bare = parse(entry);
        if (bare != null) {
            return bare;
        }
        try {
            UnknownFieldSet.Field field =
                    RequestCodec.decode(entry).getUnknownFields().getField(ENVELOPE);
            return field.getLengthDelimitedList().isEmpty()
                    ? null
                    : parse(field.getLengthDelimitedList().getLast().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            return null; // the caller finds out by itself, and says so
        }
    }

    /** Null if it is no such request; the second field of a request of v3 is never the name of a method. */
    private static @Nullable V2Request parse(byte[] bytes) {
        long id = 0;
        String method = "";
        String path = "";
        byte[] value = {};
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == WireFormat.WIRETYPE_VARINT + (ID << 3)) {
                    id = in.readRawVarint64();
                } else if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    in.skipField(tag);
                } else {
                    byte[] field = in.readByteArray();
                    switch (WireFormat.getTagFieldNumber(tag)) {
                        case METHOD -> method = utf8(field);
                        case PATH -> path = utf8(field);
                        case VALUE -> value = field;
                        default -> {} // conditions on nodes, of no effect on the store of v3
                    }
                }
            }
        } catch (IOException e) {
            return null;
        }
        return METHODS.contains(method) ? new V2Request(id, method, path, value) : null;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
