package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;

/** Writes frames, and tells a {@link PingRule} of those that make the next ping of the client free. */
final class NotingFrameWriter extends DecoratingHttp2FrameWriter {

    private final PingRule pings;

    NotingFrameWriter(Http2FrameWriter writer, PingRule pings) {
        super(writer);
        this.pings = pings;
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endOfStream,
            ChannelPromise promise) {
        pings.sent();
        return super.writeData(ctx, streamId, data, padding, endOfStream, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endOfStream,
            ChannelPromise promise) {
        pings.sent();
        return super.writeHeaders(ctx, streamId, headers, padding, endOfStream, promise);
    }
}
