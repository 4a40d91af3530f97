package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the handler of an HTTP/2 connection and takes out frames over which that would end the whole connection:
 * data for a stream that does not exist, as when its header was refused, and priorities, which mean nothing any more. Only
 * the nine bytes at the head of each frame are looked at, by {@link FrameRules}, and what a priority depends on.
 *
 * <p>While the client does not take what is sent to it, nothing more is read from it.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
final class FrameGate extends ChannelInboundHandlerAdapter implements InputPace.Input {

    private static final int HEAD_BYTES = Http2CodecUtil.FRAME_HEADER_LENGTH;
    private static final int FLAGS_AT = 4;
    private static final int DEPENDENCY_BYTES = Integer.BYTES;

    private final MultiplexedConnection connection;
    private final FrameRules rules;
    private @Nullable ChannelHandlerContext connectionContext;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;
    private int passing = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private int dropping;
    private int dependency;
    private int dependencyBytes = DEPENDENCY_BYTES;
    private int returnedBytes;
    private boolean failed;
    private long receivedBytes;

    /** Frames so far; those that go on with a header block belong to the one that began it. */
    private int frames;

    /** Of what is being read: where the bytes begin that are to be passed on, and how far it was looked at. */
    private int from;

    private int position;

    FrameGate(MultiplexedConnection connection) {
        this.connection = connection;
        this.rules = new FrameRules(connection.connection());
        connection.pace().lookAfter(() -> List.of(this));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        connectionContext = ctx.pipeline().context(connection);
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
        from = input.readerIndex();
        position = from;
        int end = input.writerIndex();
        receivedBytes += end - position;
        while (position < end && !failed) {
            if (dropping > 0) {
                drop(input, Math.min(dropping, end - position));
            } else if (passing > 0) {
                int passed = Math.min(passing, end - position);
                passing -= passed;
                position += passed;
            } else if (headBytes == 0 && end - position >= HEAD_BYTES) {
                takeWholeHead(ctx, input);
            } else {
                takeHead(ctx, input);
            }
        }
        if (!failed) {
            pass(ctx, input);
        }
    }

    private void takeWholeHead(ChannelHandlerContext ctx, ByteBuf input) {
        input.getBytes(position, head);
        if (rules.dependsOnStreams(type(), stream())) {
            pass(ctx, input); // what comes before may open the stream
        }
        if (admits(ctx, input)) {
            passing = HEAD_BYTES + length();
        } else {
            position += HEAD_BYTES;
            from = position;
        }
    }

    /** The head of a frame that comes in parts is kept until all of it is there. */
    private void takeHead(ChannelHandlerContext ctx, ByteBuf input) {
        pass(ctx, input);
        int taken = Math.min(HEAD_BYTES - headBytes, input.writerIndex() - position);
        input.getBytes(position, head, headBytes, taken);
        headBytes += taken;
        position += taken;
        from = position;
        if (headBytes == HEAD_BYTES) {
            headBytes = 0;
            if (admits(ctx, input)) {
                passing = length();
                ctx.fireChannelRead(Unpooled.copiedBuffer(head));
            }
        }
    }

    /** Whether the frame goes on; if not, its payload is dropped from now on, or the connection is over. */
    private boolean admits(ChannelHandlerContext ctx, ByteBuf input) {
        if (!rules.inHeaderBlock()) {
            frames++;
        }
        try {
            FrameRules.Verdict verdict = rules.judge(type(), head[FLAGS_AT], stream(), length());
            if (verdict == FrameRules.Verdict.PASS) {
                return true;
            }
            pass(ctx, input);
            dropping = length();
            if (type() == Http2FrameTypes.PRIORITY) {
                dependency = 0;
                dependencyBytes = 0;
            } else {
                returnedBytes += length();
            }
            if (verdict == FrameRules.Verdict.REFUSE) {
                reset(Http2Error.STREAM_CLOSED);
            }
        } catch (Http2Exception e) {
            pass(ctx, input);
            failed = true;
            connection.onError(connectionContext(), false, e);
        }
        return false;
    }

    private void drop(ByteBuf input, int bytes) {
        for (int i = 0; i < bytes && dependencyBytes < DEPENDENCY_BYTES; i++) {
            dependency = dependency << Byte.SIZE | input.getByte(position + i) & 0xFF;
            dependencyBytes++;
            if (dependencyBytes == DEPENDENCY_BYTES && (dependency & Integer.MAX_VALUE) == stream()) {
                reset(Http2Error.PROTOCOL_ERROR);
            }
        }
        dropping -= bytes;
        position += bytes;
        from = position;
    }

    private void reset(Http2Error error) {
        ChannelHandlerContext its = connectionContext();
        connection.resetStream(its, stream(), error.code(), its.newPromise());
        its.flush();
    }

    private ChannelHandlerContext connectionContext() {
        ChannelHandlerContext known = connectionContext;
        if (known == null) {
            throw new IllegalStateException("the connection has no pipeline");
        }
        return known;
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

    private void pass(ChannelHandlerContext ctx, ByteBuf input) {
        int begin = from;
        from = position;
        if (position > begin) {
            ctx.fireChannelRead(input.retainedSlice(begin, position - begin));
        }
    }

    /** Whether a part of a frame, or of a header block, has come; the first frame is awaited also before. */
    private boolean isInsideFrame() {
        return !failed && (passing > 0 || dropping > 0 || headBytes > 0 || rules.inHeaderBlock() || frames == 0);
    }

    @Override
    public @Nullable Object unfinished() {
        return isInsideFrame() ? frames : null;
    }

    @Override
    public boolean isHeldUp() {
        return !connectionContext().channel().config().isAutoRead();
    }

    @Override
    public long sentBytes() {
        return receivedBytes;
    }

    @Override
    public void stalled() {
        failed = true;
        connection.onError(
                connectionContext(),
                false,
                Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "a frame comes too slowly"));
    }

    /** What was thrown away does not count against the client's window for the connection. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (returnedBytes > 0) {
            connection.encoder().frameWriter().writeWindowUpdate(ctx, 0, returnedBytes, ctx.newPromise());
            returnedBytes = 0;
            ctx.flush();
        }
        if (isInsideFrame()) {
            connection.pace().begun();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }
}
