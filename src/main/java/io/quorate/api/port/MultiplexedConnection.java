package io.quorate.api.port;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection of a client: Netty's codec, set up as etcd sets up its own, and what concerns the connection as a whole. Pings are
 * answered and counted, a silent client is pinged, and an end is announced before it comes. What happens on streams is for {@link StreamRouter}.
 *
 * <p>Frames of control that the client makes the member send (answers to pings and settings) need no bound of their own: nothing is
 * read while the client does not take what is sent ({@link FrameGate}).
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
@Slf4j
final class MultiplexedConnection extends Http2ConnectionHandler {

    /** What a client may send on a stream before anybody has asked for room for it. */
    private static final int STREAM_WINDOW_BYTES = MemoryBudget.SMALL_BYTES;

    /** The window of a stream is what one call may send; the connection's is for many of them. */
    private static final int CONNECTION_WINDOW_BYTES = 1024 * 1024;

    /** A client that has less room than this may wait for more. */
    private static final int SHUT_WINDOW_BYTES = 1024;

    private static final int ANY_STREAM = Integer.MAX_VALUE;
    private static final int DYNAMIC_FIELDS = 16;

    /** What the pings of the member carry, to tell their answers apart. */
    private static final long SILENCE_PING = 0x51756F72L;

    private static final long END_PING = 0x656E64L;

    /** How long the answer may take that tells that the client has heard of the end. */
    private static final long END_PING_SECONDS = 5;

    private final PingRule pings;
    private final boolean limitsPings;
    private final KeepAlive keepAlive;
    private final InputPace pace = new InputPace();
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Future<?> endPing;
    private boolean ending;

    private MultiplexedConnection(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            ClientPortSettings options,
            PingRule pings,
            boolean limitsPings) {
        super(decoder, encoder, settings(options));
        this.pings = pings;
        this.limitsPings = limitsPings;
        this.keepAlive =
                new KeepAlive(options.keepAliveInterval(), options.keepAliveTimeout(), this::ping, this::giveUp);
        gracefulShutdownTimeoutMillis(-1); // the server waits as long as it likes, and insists then
    }

    /**
     * A connection that is not in a pipeline yet.
     *
     * @param limitsPings whether pings that come too often end it
     */
    static MultiplexedConnection of(ClientPortSettings options, boolean limitsPings) {
        Http2Connection streams = new DefaultHttp2Connection(true);
        streams.remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(streams, new UniformStreamByteDistributor(streams)));
        streams.local()
                .flowController(new DefaultHttp2LocalFlowController(
                        streams, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
        PingRule pings = new PingRule(options.keepAliveMinTime());
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(streams, writer(pings));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                streams, encoder, new DefaultHttp2FrameReader(new HeaderBlocks(options.maxMetadataBytes())));
        return new MultiplexedConnection(decoder, encoder, options, pings, limitsPings);
    }

    /** Without Huffman's code: what is said in answers is short, and mostly indexed. */
    private static NotingFrameWriter writer(PingRule pings) {
        return new NotingFrameWriter(
                new DefaultHttp2FrameWriter(new DefaultHttp2HeadersEncoder(
                        Http2HeadersEncoder.NEVER_SENSITIVE, false, DYNAMIC_FIELDS, Integer.MAX_VALUE)),
                pings);
    }

    private static Http2Settings settings(ClientPortSettings options) {
        Http2Settings settings = new Http2Settings()
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .maxHeaderListSize(options.maxMetadataBytes());
        if (options.maxConcurrentStreams() < Http2CodecUtil.MAX_CONCURRENT_STREAMS) { // none is said to be the limit
            settings.maxConcurrentStreams(options.maxConcurrentStreams());
        }
        return settings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        ctx = context;
        super.handlerAdded(context);
        Http2LocalFlowController flow = decoder().flowController();
        Http2Stream whole = connection().connectionStream();
        flow.incrementWindowSize(whole, CONNECTION_WINDOW_BYTES - flow.windowSize(whole));
        keepAlive.start(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        keepAlive.heard();
        super.channelReadComplete(context);
        pace.readComplete(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        keepAlive.stop();
        pace.stop();
        stopWaiting();
        super.channelInactive(context);
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = ctx;
        if (known == null) {
            throw new IllegalStateException("the connection has no pipeline");
        }
        return known;
    }

    /** Looks after what the client sends. */
    InputPace pace() {
        return pace;
    }

    /** Whether the client has to wait for the member before it can send more on a stream. */
    boolean holdsUp(int streamId) {
        Http2LocalFlowController flow = decoder().flowController();
        Http2Stream stream = connection().stream(streamId);
        return !context().channel().config().isAutoRead()
                || stream == null
                || flow.windowSize(stream) < SHUT_WINDOW_BYTES
                || flow.windowSize(connection().connectionStream()) < SHUT_WINDOW_BYTES;
    }

    // ---- pings

    /**
     * The client pinged, and has its answer.
     *
     * @throws Http2Exception if it pings too often, which ends the connection
     */
    void pinged() throws Http2Exception {
        if (limitsPings && !pings.admits(System.nanoTime(), connection().numActiveStreams() > 0)) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too_many_pings");
        }
    }

    private void ping() {
        write(SILENCE_PING);
    }

    private void write(long ping) {
        encoder().writePing(context(), false, ping, context().newPromise());
        context().flush();
    }

    private void giveUp() {
        log.debug("Client {} does not answer", context().channel().remoteAddress());
        context().close();
    }

    /** The client answered a ping. */
    void pingAnswered(long ping) {
        if (ping == END_PING && endPing != null) {
            end();
        }
    }

    // ---- the end

    /**
     * The server wants the connection to end. The client hears so first and may still begin calls, because some are on their way; once it
     * has answered the ping behind that it has heard, and what it began until then is served to the end.
     */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
        context.channel().closeFuture().addListener(closed -> promise.trySuccess());
        if (!context.channel().isActive()) {
            context.close();
        } else if (!ending) {
            ending = true;
            sayEnd(ANY_STREAM);
            endPing = context.executor().schedule(this::end, END_PING_SECONDS, TimeUnit.SECONDS);
            write(END_PING);
        }
    }

    private void end() {
        stopWaiting();
        sayEnd(connection().remote().lastStreamCreated());
        closeWhenServed();
    }

    private void closeWhenServed() {
        try {
            super.close(context(), context().newPromise());
        } catch (Exception e) {
            log.warn("Connection of {} cannot end in order", context().channel().remoteAddress(), e);
            context().close();
        }
    }

    private void sayEnd(int lastStream) {
        goAway(
                context(),
                lastStream,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
    }

    private void stopWaiting() {
        if (endPing != null) {
            endPing.cancel(false);
            endPing = null;
        }
    }

    /** Frames do not pass here; what comes from outside is the order to close without waiting. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
        context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) { // as a connection that was cut
            log.debug("Connection of {} failed", context.channel().remoteAddress(), cause);
            context.close();
        } else {
            super.exceptionCaught(context, cause);
        }
    }
}
