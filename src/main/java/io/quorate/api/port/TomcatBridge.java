package io.quorate.api.port;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.List;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Passes a request on to the servlet container of this process and its answer back, both piecewise and at the pace of
 * the slower side. One connection per request: what comes this way (console, administration) is rare.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
@Slf4j
@RequiredArgsConstructor
final class TomcatBridge implements HttpHandler {

    private static final List<CharSequence> CONNECTION_FIELDS = List.of(
            HttpHeaderNames.CONNECTION,
            "proxy-connection",
            HttpHeaderNames.TE,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            HttpHeaderNames.EXPECT,
            "keep-alive",
            BridgeSocket.TOKEN_FIELD);

    private static final int ERRORS = 400;

    private final BridgeSocket socket;

    @Override
    public void handle(HttpExchange exchange) {
        String target = target(exchange);
        if (!target.chars().allMatch(each -> each > ' ' && each < 0x7f)) { // which only HTTP/2 lets in
            refuse(exchange, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        String token = socket.admit(exchange.peer());
        Passage passage = new Passage(exchange);
        exchange.receive(passage.body());
        passage.send(request(exchange, target, token));
        ChannelFuture connected = new Bootstrap()
                .group(exchange.eventLoop())
                .channel(EventLoops.unixChannel())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpClientCodec(), passage);
                    }
                })
                .connect(socket.address());
        connected.channel().closeFuture().addListener(done -> socket.dismiss(token));
        exchange.onAborted(() -> {
            passage.leave();
            connected.channel().close();
        });
        exchange.onWritable(() -> connected.channel().config().setAutoRead(true));
        connected.addListener(done -> passage.connected(connected));
    }

    private static String target(HttpExchange exchange) {
        String path = KeyPath.packed(exchange.path());
        return exchange.query().isEmpty() ? path : path + "?" + exchange.query();
    }

    /** Answers in place of the container. */
    private static void refuse(HttpExchange exchange, HttpResponseStatus status) {
        PlainProblem.respond(exchange, status.code(), PlainProblem.headers());
    }

    private static DefaultHttpRequest request(HttpExchange exchange, String target, String token) {
        HttpHeaders headers = new DefaultHttpHeaders().set(exchange.headers());
        CONNECTION_FIELDS.forEach(headers::remove);
        headers.set(HttpHeaderNames.CONNECTION, "close").set(BridgeSocket.TOKEN_FIELD, token);
        boolean bodyless = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (!bodyless && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        }
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(exchange.method()), target, headers);
    }

    /** The way of one request and its answer. */
    @RequiredArgsConstructor
    private static final class Passage extends ChannelInboundHandlerAdapter {

        private final HttpExchange exchange;
        private final ArrayDeque<Object> waiting = new ArrayDeque<>();

        private @Nullable Channel channel;
        private boolean begun;
        private boolean complete;

        HttpExchange.Body body() {
            return new HttpExchange.Body() {
                @Override
                public void data(ByteBuf piece) {
                    send(new DefaultHttpContent(piece.retain()));
                    if (channel == null || !channel.isWritable()) {
                        exchange.holdBody(true);
                    }
                }

                @Override
                public void end() {
                    send(LastHttpContent.EMPTY_LAST_CONTENT);
                }
            };
        }

        void send(Object part) {
            if (channel == null) {
                waiting.add(part);
            } else {
                channel.writeAndFlush(part);
            }
        }

        /** The client has gone, broke its request off or does not go on with it: there is nobody to answer. */
        void leave() {
            complete = true;
        }

        private void dropWaiting() {
            waiting.forEach(ReferenceCountUtil::release);
            waiting.clear();
        }

        void connected(ChannelFuture connection) {
            if (complete) { // before there was a connection, which is no fault of Tomcat's
                dropWaiting();
                connection.channel().close();
                return;
            }
            if (!connection.isSuccess()) {
                log.warn("Tomcat cannot be reached", connection.cause());
                dropWaiting();
                refuse(exchange, HttpResponseStatus.BAD_GATEWAY);
                return;
            }
            Channel open = connection.channel();
            channel = open;
            waiting.forEach(open::write);
            waiting.clear();
            open.flush();
            exchange.holdBody(!open.isWritable());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof HttpResponse response) {
                    begin(response);
                }
                if (message instanceof HttpContent content && begun && !complete) {
                    pass(ctx, content);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void begin(HttpResponse response) {
            begun = true;
            int status = response.status().code();
            if (status >= ERRORS && !PlainProblem.isProblem(response.headers())) {
                complete = true; // the container's own, before the application saw the request
                PlainProblem.respond(exchange, status, PlainProblem.headers());
                return;
            }
            HttpHeaders headers = new DefaultHttpHeaders().set(response.headers());
            CONNECTION_FIELDS.forEach(headers::remove);
            exchange.begin(status, headers);
        }

        private void pass(ChannelHandlerContext ctx, HttpContent content) {
            if (content.content().isReadable()) {
                exchange.write(content.content().retain());
                if (!exchange.isWritable()) {
                    ctx.channel().config().setAutoRead(false);
                }
            }
            if (content instanceof LastHttpContent) {
                complete = true;
                exchange.end();
                ctx.close();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            exchange.holdBody(!ctx.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!complete) {
                complete = true;
                if (begun) {
                    exchange.abort();
                } else {
                    refuse(exchange, HttpResponseStatus.BAD_GATEWAY);
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug("Passage to Tomcat failed", cause);
            ctx.close();
        }
    }
}
