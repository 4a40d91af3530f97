package io.quorate.api.grpcnetty;

import io.grpc.Attributes;
import io.grpc.InternalMetadata;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.internal.GrpcAttributes;
import io.grpc.internal.TransportFrameUtil;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalWriteBufferingAndExceptionHandlerUtils;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AsciiString;
import java.util.function.Function;

/** The inside of gRPC for Java, as far as it is used. */
public final class GrpcInternals {

    private GrpcInternals() {}

    // ---- headers

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

    // ---- connections

    /** Where a connection notes how well it is protected, for those that ask a call. */
    public static Attributes.Key<SecurityLevel> securityLevel() {
        return GrpcAttributes.ATTR_SECURITY_LEVEL;
    }

    /**
     * Credentials that let other code decide what a new connection speaks.
     *
     * @param scheme what clients of gRPC would be told
     * @param handlers gives the first handler of a connection's pipeline, which gets the handler of gRPC and may put it there
     */
    public static ServerCredentials credentials(
            AsciiString scheme, Function<Http2ConnectionHandler, ChannelHandler> handlers) {
        return InternalNettyServerCredentials.create(new Negotiator(scheme, handlers));
    }

    /** Tells the handler of gRPC, which is in the pipeline now, that the connection speaks HTTP/2. */
    public static void negotiated(Http2ConnectionHandler grpc, Attributes attributes) {
        ((GrpcHttp2ConnectionHandler) grpc).handleProtocolNegotiationCompleted(attributes, null);
    }

    /** Writes what gRPC's first handler holds back until the protocol is known, and takes it from the pipeline. */
    public static void stopBuffering(Channel channel) {
        InternalWriteBufferingAndExceptionHandlerUtils.writeBufferingAndRemove(channel);
    }

    private record Negotiator(AsciiString scheme, Function<Http2ConnectionHandler, ChannelHandler> handlers)
            implements InternalProtocolNegotiator.ProtocolNegotiator {

        @Override
        public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
            return handlers.apply(grpc);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
