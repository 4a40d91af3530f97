package io.quorate.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;

/** Puts through the JSON gateway over a connection of HTTP/1.1 that stays open. */
final class JsonPutOperation extends SimpleChannelInboundHandler<HttpObject> implements Operation {

    private static final int OK = 200;

    private final byte[] request;
    private final int keyAt;
    private final byte[] digits = new byte[Template.PLACE.length()];
    private final SplittableRandom random;
    private final int keys;
    private final Slot slot;
    private final Channel channel;
    private boolean ok;

    JsonPutOperation(
            EventLoop loop, InetSocketAddress endpoint, LoadSettings options, SplittableRandom random, Slot slot) {
        this.random = random;
        this.keys = options.keys();
        this.slot = slot;
        request = request(options.valueBytes(), random);
        keyAt = Template.find(
                request,
                base64(Template.PLACE.getBytes(StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII))[0];
        channel = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.pipeline().addLast(new HttpResponseDecoder(), JsonPutOperation.this);
                    }
                })
                .connect(endpoint)
                .syncUninterruptibly()
                .channel();
    }

    private static byte[] request(int valueBytes, SplittableRandom random) {
        byte[] value = new byte[valueBytes];
        random.nextBytes(value);
        byte[] key = (Template.PREFIX + Template.PLACE).getBytes(StandardCharsets.US_ASCII);
        String body = "{\"key\":\"" + base64(key) + "\",\"value\":\"" + base64(value) + "\"}";
        String head = "POST /v3/kv/put HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ";
        return (head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void issue() {
        Template.digits(digits, 0, random.nextInt(keys));
        byte[] encoded = Base64.getEncoder().encode(digits);
        System.arraycopy(encoded, 0, request, keyAt, encoded.length);
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(request));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part instanceof HttpResponse response) {
            ok = response.status().code() == OK;
        }
        if (part instanceof LastHttpContent) {
            slot.done(ok);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        System.err.println("Connection lost: " + cause);
        slot.done(false);
    }
}
