package io.quorate.api.headers;

import io.grpc.InternalMetadata;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.internal.TransportFrameUtil;

/** The inside of gRPC for Java, as far as it is used. */
public final class GrpcHeaders {

    private GrpcHeaders() {}

    /** A key whose values stay the bytes that were sent: the usual marshaller would make a string of them for every call. */
    public static Metadata.Key<byte[]> rawKey(String name) {
        return InternalMetadata.keyOf(name, new InternalMetadata.TrustedAsciiMarshaller<>() {
            @Override
            public byte[] toAsciiString(byte[] value) {
                return value;
            }

            @Override
            public byte[] parseAsciiString(byte[] serialized) {
                return serialized;
            }
        });
    }

    /**
     * Headers of a call, without copying them.
     *
     * @param count of the headers, whose names and values come by turns
     */
    public static Metadata metadata(int count, byte[][] namesAndValues) {
        return InternalMetadata.newMetadata(count, namesAndValues);
    }

    /** Whether there are no headers. */
    public static boolean isEmpty(Metadata metadata) {
        return InternalMetadata.headerCount(metadata) == 0;
    }

    /** Names and values by turns as they go over HTTP/2; binary ones are encoded. */
    public static byte[][] http2Headers(Metadata metadata) {
        return TransportFrameUtil.toHttp2Headers(metadata);
    }

    /** The trailers that tell how a call ended, instead of any that there are. */
    public static Metadata withStatus(Metadata metadata, Status status) {
        Metadata all = new Metadata();
        all.merge(metadata);
        all.discardAll(InternalStatus.CODE_KEY);
        all.discardAll(InternalStatus.MESSAGE_KEY);
        all.put(InternalStatus.CODE_KEY, status);
        if (status.getDescription() != null) {
            all.put(InternalStatus.MESSAGE_KEY, status.getDescription());
        }
        return all;
    }
}
