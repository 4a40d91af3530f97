package io.quorate.api.grpcnetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What this program relies on of the inside of gRPC, which may change with any release. */
class GrpcInternalsTests {

    private static final Metadata.Key<String> TEXT = Metadata.Key.of("text", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("raw-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static byte[][] bytes(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            all[i] = texts[i].getBytes(US_ASCII);
        }
        return all;
    }

    private static String text(byte[][] namesAndValues) {
        StringBuilder text = new StringBuilder();
        for (byte[] each : namesAndValues) {
            text.append(new String(each, US_ASCII)).append(' ');
        }
        return text.toString().strip();
    }

    @Test
    void metadataWhenMadeOfBytesIsReadByKeys() {
        Metadata metadata = GrpcInternals.metadata(2, bytes("text", "a", "version", "3.7"));
        assertThat(metadata.get(TEXT)).isEqualTo("a");
        assertThat(metadata.get(GrpcInternals.rawKey("version"))).isEqualTo("3.7".getBytes(US_ASCII));
        assertThat(GrpcInternals.isEmpty(metadata)).isFalse();
        assertThat(GrpcInternals.isEmpty(new Metadata())).isTrue();
    }

    @Test
    void metadataWhenItHasRoomLeftHasOnlyWhatCounts() {
        Metadata metadata = GrpcInternals.metadata(1, bytes("text", "a", "other", "b"));
        assertThat(metadata.keys()).containsExactly("text");
    }

    @Test
    void http2HeadersWhenBinaryAreEncoded() {
        Metadata metadata = new Metadata();
        metadata.put(TEXT, "a");
        metadata.put(BINARY, new byte[] {1, 2, 3});
        assertThat(text(GrpcInternals.http2Headers(metadata))).isEqualTo("text a raw-bin AQID");
    }

    @Test
    void statusWhenItTakesThePlaceOfAnotherIsWrittenAsGrpcDoes() {
        Metadata before = GrpcInternals.metadata(3, bytes("grpc-status", "1", "grpc-message", "old", "text", "a"));
        Metadata after = GrpcInternals.withStatus(before, Status.NOT_FOUND.withDescription("100% \n"));
        assertThat(text(GrpcInternals.http2Headers(after))).isEqualTo("text a grpc-status 5 grpc-message 100%25 %0A");
        assertThat(text(GrpcInternals.http2Headers(GrpcInternals.withStatus(before, Status.OK))))
                .isEqualTo("text a grpc-status 0");
    }

    /** Puts gRPC's handler into the pipeline when the first bytes are there, as the shared port does. */
    private static final class FirstBytes extends ChannelInboundHandlerAdapter {

        private final Http2ConnectionHandler grpc;

        FirstBytes(Http2ConnectionHandler grpc) {
            this.grpc = grpc;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object first) {
            Attributes attributes = Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, context.channel().localAddress())
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, context.channel().remoteAddress())
                    .set(GrpcInternals.securityLevel(), SecurityLevel.INTEGRITY)
                    .build();
            context.pipeline().addAfter(context.name(), null, grpc);
            GrpcInternals.negotiated(grpc, attributes);
            context.fireChannelRead(first);
            context.pipeline().remove(this);
        }
    }

    private static Server server(
            Function<Http2ConnectionHandler, ChannelHandler> first, ServerInterceptor... interceptors)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0), GrpcInternals.credentials(AsciiString.of("http"), first))
                .addService(new KVGrpc.KVImplBase() {
                    @Override
                    public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
                        answer.onNext(RangeResponse.getDefaultInstance());
                        answer.onCompleted();
                    }
                });
        List.of(interceptors).forEach(builder::intercept);
        return builder.build().start();
    }

    @Test
    void connectionWhenNegotiatedServesCallsThatKnowItsSecurity() throws Exception {
        List<SecurityLevel> levels = new CopyOnWriteArrayList<>();
        Server server = server(FirstBytes::new, new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                levels.add(call.getSecurityLevel());
                return next.startCall(call, headers);
            }
        });
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            assertThat(KVGrpc.newBlockingStub(channel).range(RangeRequest.getDefaultInstance()))
                    .isEqualTo(RangeResponse.getDefaultInstance());
            assertThat(levels).containsExactly(SecurityLevel.INTEGRITY);
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    @Test
    void connectionWhenItIsNotForGrpcWritesOnceBufferingEnds() throws Exception {
        Server server = server(grpc -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object first) {
                ReferenceCountUtil.release(first);
                GrpcInternals.stopBuffering(context.channel());
                var unused = context.channel()
                        .writeAndFlush(Unpooled.copiedBuffer("bye", US_ASCII))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        });
        try (Socket socket = new Socket("127.0.0.1", server.getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("bye".getBytes(US_ASCII));
        } finally {
            server.shutdownNow();
        }
    }

    /** Http1Connection takes any foreign write for the order to close at once. */
    @Test
    void orderToCloseWhenGrpcIsUpgradedIsStillThere() throws ClassNotFoundException {
        assertThat(Class.forName("io.grpc.netty.ForcefulCloseCommand").getPackageName())
                .isEqualTo(NettyServerBuilder.class.getPackageName());
    }
}
