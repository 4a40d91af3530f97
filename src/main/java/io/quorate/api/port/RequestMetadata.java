package io.quorate.api.port;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.quorate.api.headers.GrpcHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Makes metadata of the fields of a request. Names and values are the bytes that came, except binary ones. One thread. */
final class RequestMetadata {

    private byte[][] namesAndValues;
    private int used;

    private RequestMetadata(int fields) {
        namesAndValues = new byte[2 * fields][];
    }

    /**
     * The fields of a request that are not HTTP's.
     *
     * @throws StatusException if one says that it is binary and is not
     */
    static Metadata of(Http2Headers headers) throws StatusException {
        RequestMetadata metadata = new RequestMetadata(headers.size());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            AsciiString name = AsciiString.of(field.getKey());
            if (name.charAt(0) == ':') {
                continue;
            }
            if (BinaryField.isNamedBy(name)) {
                metadata.addBinary(name, field.getValue().toString());
            } else {
                metadata.add(name, bytes(AsciiString.of(field.getValue())));
            }
        }
        return GrpcHeaders.metadata(metadata.used / 2, metadata.namesAndValues);
    }

    private void addBinary(AsciiString name, String text) throws StatusException {
        List<byte[]> values;
        try {
            values = BinaryField.values(text);
        } catch (IllegalArgumentException malformed) {
            throw Status.INTERNAL
                    .withDescription(BinaryField.mistake(name.toString(), text))
                    .withCause(malformed)
                    .asException();
        }
        namesAndValues = Arrays.copyOf(namesAndValues, namesAndValues.length + 2 * (values.size() - 1));
        values.forEach(value -> add(name, value));
    }

    private void add(AsciiString name, byte[] value) {
        namesAndValues[used++] = bytes(name);
        namesAndValues[used++] = value;
    }

    private static byte[] bytes(AsciiString text) {
        return text.isEntireArrayUsed() ? text.array() : text.toByteArray();
    }
}
