package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Stands before the handler of an HTTP/2 connection and takes out frames over which that would end the whole connection:
 * data for a stream that does not exist, as when its header was refused, and priorities, which mean nothing any more. Only
 * the nine bytes at the head of each frame are looked at.
 *
 * <p>While the client does not take what is sent to it, nothing more is read from it.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
final class FrameGate extends ChannelInboundHandlerAdapter {

    private static final int HEAD_BYTES = Http2CodecUtil.FRAME_HEADER_LENGTH;

    private final Http2ConnectionHandler connection;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;
    private int passing = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private int dropping;
    private int returnedBytes;

    FrameGate(Http2ConnectionHandler connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf input = (ByteBuf) message;
        try {
            read(ctx, input);
        } finally {
            input.release();
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf input) {
        int from = input.readerIndex();
        int position = from;
        int end = input.writerIndex();
        while (position < end) {
            if (dropping > 0) {
                int dropped = Math.min(dropping, end - position);
                dropping -= dropped;
                position += dropped;
                from = position;
            } else if (passing > 0) {
                int passed = Math.min(passing, end - position);
                passing -= passed;
                position += passed;
            } else if (headBytes == 0 && end - position >= HEAD_BYTES) {
                input.getBytes(position, head);
                if (isSuspect()) {
                    pass(ctx, input, from, position); // what comes before may open the stream
                    from = position;
                    decide();
                } else {
                    passing = HEAD_BYTES + length();
                }
            } else {
                pass(ctx, input, from, position);
                position = takeHead(ctx, input, position);
                from = position;
            }
        }
        pass(ctx, input, from, end);
    }

    /** The head of a frame that comes in parts is kept until all of it is there. */
    private int takeHead(ChannelHandlerContext ctx, ByteBuf input, int position) {
        int taken = Math.min(HEAD_BYTES - headBytes, input.writerIndex() - position);
        input.getBytes(position, head, headBytes, taken);
        headBytes += taken;
        if (headBytes == HEAD_BYTES) {
            headBytes = 0;
            decide();
            if (dropping > 0) {
                dropping -= HEAD_BYTES;
            } else {
                passing -= HEAD_BYTES;
                ctx.fireChannelRead(Unpooled.copiedBuffer(head));
            }
        }
        return position + taken;
    }

    private void decide() {
        int bytes = HEAD_BYTES + length();
        if (isSuspect()) {
            dropping = bytes;
            if (type() == Http2FrameTypes.DATA) {
                returnedBytes += length();
            }
        } else {
            passing = bytes;
        }
    }

    private boolean isSuspect() {
        return type() == Http2FrameTypes.PRIORITY
                || type() == Http2FrameTypes.DATA && stream() != 0 && connection.connection().stream(stream()) == null;
    }

    private int length() {
        return (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
    }

    private int type() {
        return head[3];
    }

    private int stream() {
        return (head[5] & 0x7F) << 24 | (head[6] & 0xFF) << 16 | (head[7] & 0xFF) << 8 | head[8] & 0xFF;
    }

    private static void pass(ChannelHandlerContext ctx, ByteBuf input, int from, int to) {
        if (to > from) {
            ctx.fireChannelRead(input.retainedSlice(from, to - from));
        }
    }

    /** What was thrown away does not count against the client's window for the connection. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (returnedBytes > 0) {
            connection.encoder().frameWriter().writeWindowUpdate(ctx, 0, returnedBytes, ctx.newPromise());
            returnedBytes = 0;
            ctx.flush();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }
}
