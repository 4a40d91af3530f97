package io.quorate.api.port;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.quorate.api.port.PortMethods.PortMethod;
import io.quorate.base.CallTrace;
import io.quorate.base.Stages;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One unary call of {@link ConnectionCalls}: requests come in as DATA frames with the length-prefixed messages of gRPC, the answer
 * leaves as HEADERS, DATA and HEADERS, or as one HEADERS frame with an error. What the call holds is accounted for.
 *
 * <p>Input, {@link #send} and {@link #streamClosed} belong to the event loop; the service may answer from any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
final class UnaryCall extends ServedCall implements StreamedAnswerCall {

    /** Messages up to this size are not accounted for: there is more around them. */
    static final int FREE_BYTES = 1024;

    /** What a call takes, with its stream, whose answer waits for the client. */
    private static final int WAITING_BYTES = 4 * 1024;

    /** Answers up to this size leave in one buffer if the client takes them now. */
    private static final int AT_ONCE_BYTES = 16 * 1024;

    private static final AtomicLongFieldUpdater<UnaryCall> ANSWER_BYTES =
            AtomicLongFieldUpdater.newUpdater(UnaryCall.class, "answerBytes");

    private static final AtomicReferenceFieldUpdater<UnaryCall, @Nullable AnswerSlices> SLICES =
            AtomicReferenceFieldUpdater.newUpdater(UnaryCall.class, AnswerSlices.class, "slices");

    private final UnaryRequest request;

    private Listener<Message> listener = new Listener<>() {};
    private @Nullable Future<?> progressCheck;
    private long progress;
    private boolean requestComplete;
    private boolean over;
    private boolean awaitsWindow;
    private boolean awaitsPiece;
    private boolean sending;
    private @Nullable MessagePieces pieces;
    private volatile @Nullable AnswerSlices slices;

    private @Nullable Metadata head;
    private @Nullable Message answer;
    private volatile @Nullable Status end;
    private Metadata trailers = new Metadata();
    private volatile boolean cancelled;
    private volatile long answerBytes;

    UnaryCall(ConnectionCalls calls, ConnectionCalls.Origin origin, PortMethod method, CallTracer tracer) {
        super(calls, origin, method, tracer);
        this.request = new UnaryRequest(this, calls);
    }

    void begin(Metadata metadata) {
        calls.requestBegun();
        tell(() -> listener = method.handler().startCall(this, metadata));
    }

    @Override
    public int data(ByteBuf data) {
        int bytes = data.readableBytes();
        request.data(data);
        return bytes;
    }

    /** Whether no more of the request is wanted; the client need not have heard of it yet. */
    boolean isSettled() {
        return over || end != null;
    }

    /** A message of the request, in a buffer that is used for others later. */
    void message(ByteBuffer encoded) {
        int length = encoded.remaining();
        try {
            deliver(method.parser().parseFrom(encoded), length);
        } catch (InvalidProtocolBufferException malformed) {
            refuse(UNREADABLE);
        }
    }

    /** A message of the request; what is long in it is not copied once more. */
    void message(byte[] encoded) {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(encoded).newCodedInput();
        input.enableAliasing(true);
        try {
            Message message = method.parser().parseFrom(input);
            input.checkLastTagWas(0);
            deliver(message, encoded.length);
        } catch (InvalidProtocolBufferException malformed) {
            refuse(UNREADABLE);
        }
    }

    private void deliver(Message message, int length) {
        traceReceived(message, length);
        tell(() -> listener.onMessage(message));
    }

    @Override
    public @Nullable Object unfinished() {
        return requestComplete || isSettled() ? null : this;
    }

    @Override
    public void stalled() {
        refuse(InputPace.TOO_SLOW);
    }

    @Override
    public void endOfRequest() {
        requestComplete = true;
        if (isSettled()) {
            return;
        }
        if (request.isPartial()) {
            refuse(Status.UNKNOWN.withDescription("unexpected EOF"));
        } else if (received() == 0) {
            refuse(Status.UNKNOWN.withDescription("EOF"));
        } else {
            serve();
        }
    }

    /** The service gets to work. */
    private void serve() {
        CallTrace trace = tracer.trace();
        trace.reach(CallTrace.Step.RECEIVED);
        CallTrace before = trace.enter();
        try {
            tell(() -> listener.onHalfClose());
        } finally {
            before.enter();
        }
    }

    /** A request that no service gets to see. */
    void refuse(Status status) {
        close(status, new Metadata());
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error failure) { // the client gets an answer all the same
            Stages.report(method.descriptor().getFullMethodName(), failure);
            if (end == null) {
                close(Status.UNKNOWN.withDescription("Application error processing RPC"), new Metadata());
            }
        }
    }

    @Override
    public void request(int count) {
        // messages are handed over as they come: there is one
    }

    @Override
    public void sendHeaders(Metadata headers) {
        head = headers;
    }

    @Override
    public void sendMessage(Message message) {
        if (end != null || cancelled) { // refused meanwhile, or nobody waits any more
            return;
        }
        if (answer != null) {
            throw new IllegalStateException("a unary call has one answer");
        }
        int size = message.getSerializedSize();
        if (size > FREE_BYTES) {
            answerBytes = AnswerMemory.take(calls.memory(), size);
            if (cancelled) {
                releaseAnswer();
            }
        }
        answer = message;
    }

    /** Always: an answer waits for its client here. */
    @Override
    public boolean isReady() {
        StreamedAnswerCall.Question.answer(this);
        return true;
    }

    @Override
    public void stream(StreamedAnswer answer) {
        slices = new AnswerSlices(this, calls, answer);
        if (end != null || cancelled) { // in this moment
            releaseAnswer();
        }
    }

    @Override
    public void close(Status status, Metadata metadata) {
        if (end == null) {
            trailers = metadata;
            end = status;
            calls.answered(this);
        }
    }

    int streamId() {
        return streamId;
    }

    boolean isOver() {
        return over;
    }

    /** Writes the answer, or begins to. */
    @Override
    public void send() {
        if (over) { // the stream went away meanwhile
            return;
        }
        Message message = answer;
        Status status = end == null ? Status.UNKNOWN : end;
        if (status.isOk() && message == null) {
            status = Status.INTERNAL.withDescription("Completed without a response");
        }
        if (status.isOk() && message != null) {
            succeed(message);
        } else {
            calls.writeHeaders(streamId, AnswerHeaders.trailersOnly(status, trailers), true);
            finish(status);
        }
    }

    private void succeed(Message message) {
        AnswerSlices streamed = slices;
        if (streamed != null) {
            traceSent(streamed.messageBytes());
            sendPieces();
            streamed.start();
            return;
        }
        int size = message.getSerializedSize();
        traceSent(size);
        int most = packed ? PackedMessage.BYTES_MAX : AT_ONCE_BYTES;
        if (size <= most && calls.takesAtOnce(streamId, PREFIX_BYTES + size)) {
            ByteBuf framed = packed && PackedMessage.suits(size)
                    ? FramedMessage.packed(calls, message, size)
                    : FramedMessage.plain(calls, message, size);
            calls.writeHeaders(streamId, AnswerHeaders.head(head, packed), false);
            calls.writeData(streamId, framed);
            calls.writeHeaders(streamId, AnswerHeaders.trailers(Status.OK, trailers), true);
            finish(Status.OK);
        } else if (mayWait()) {
            byte[] prefix =
                    ByteBuffer.allocate(PREFIX_BYTES).put((byte) 0).putInt(size).array();
            pieces = new MessagePieces(prefix, message);
            sendPieces();
            watchProgress();
        } else {
            calls.memory().refused();
            resetAs(EXHAUSTED, Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    /** Also a small answer is accounted for if its client does not take it now: of those there may be any number. */
    private boolean mayWait() {
        if (answerBytes == 0 && calls.memory().holdSmall(WAITING_BYTES)) {
            answerBytes = WAITING_BYTES;
        }
        return answerBytes > 0;
    }

    private void sendPieces() {
        sending = true;
        calls.writeHeaders(streamId, AnswerHeaders.head(head, packed), false);
        calls.pump(this);
    }

    /** Whether the next part of a large answer is there. */
    boolean hasPiece() {
        AnswerSlices streamed = slices;
        return streamed == null || streamed.hasPiece();
    }

    /** The next part of a large answer. */
    ByteBuf nextPiece(int most) {
        AnswerSlices streamed = slices;
        if (streamed != null) {
            return streamed.nextPiece(most);
        }
        MessagePieces all = pieces;
        if (all == null) {
            throw new IllegalStateException("nothing is being sent");
        }
        ByteBuf piece = calls.allocate(Math.min(most, all.left()));
        try {
            all.fill(piece);
            return piece;
        } catch (RuntimeException | Error e) {
            piece.release();
            throw e;
        }
    }

    /** Ends the call if its answer has been written; says whether it is over. */
    boolean endIfSent() {
        if (!over && sending && left() == 0) {
            calls.writeHeaders(streamId, AnswerHeaders.trailers(Status.OK, trailers), true);
            finish(Status.OK);
        }
        return over;
    }

    /** Bytes of a large answer that have not been handed on. */
    private long left() {
        AnswerSlices streamed = slices;
        MessagePieces all = pieces;
        return streamed != null ? streamed.left() : all == null ? 0 : all.left();
    }

    /** The next part is being read. */
    void awaitPiece() {
        awaitsPiece = true;
    }

    /** The next part has been read. */
    void pieceReady() {
        if (awaitsPiece && !over) {
            awaitsPiece = false;
            calls.pump(this);
            calls.flush();
        }
    }

    /** The rest of a large answer will not follow. */
    void cutOff(Status status, Http2Error error) {
        if (!over) {
            resetAs(status, error);
            calls.flush();
        }
    }

    /** The client's window for this stream is shut. */
    void awaitWindow() {
        awaitsWindow = true;
    }

    @Override
    public void windowOpened() {
        if (awaitsWindow && !over) {
            awaitsWindow = false;
            calls.pump(this);
        }
    }

    private void finish(Status status) {
        over = true;
        letGo();
        if (!requestComplete) { // the rest of the request is of no use
            calls.reset(streamId, Http2Error.NO_ERROR.code());
        }
        tracer.streamClosed(status);
        tell(() -> listener.onComplete());
    }

    /** The answer cannot be written: says so if nothing of it is out yet, or else breaks off. */
    @Override
    public void breakOff(Throwable failure) {
        Status status = broken(failure);
        if (over) {
            return;
        }
        if (!sending) {
            calls.writeHeaders(streamId, AnswerHeaders.trailersOnly(status, new Metadata()), true);
            finish(status);
        } else {
            resetAs(status, errorOf(status));
        }
    }

    private void resetAs(Status status, Http2Error error) {
        cancel(status);
        calls.reset(streamId, error.code());
    }

    @Override
    public void streamClosed() {
        cancel(Status.CANCELLED);
    }

    @Override
    public void timedOut() {
        if (!isSettled()) {
            boolean rest = !requestComplete;
            calls.writeHeaders(streamId, AnswerHeaders.trailersOnly(DEADLINE, new Metadata()), true);
            cancel(DEADLINE);
            if (rest) {
                calls.reset(streamId, Http2Error.NO_ERROR.code());
            }
            calls.flush();
        }
    }

    private void cancel(Status status) {
        if (over) {
            return;
        }
        over = true;
        cancelled = true;
        letGo();
        tracer.streamClosed(status);
        tell(() -> listener.onCancel());
    }

    /** From now on it is looked whether the client goes on sending, or taking, while others wait for memory. */
    void watchProgress() {
        if (progressCheck == null && !over) {
            progress = progress();
            progressCheck = calls.later(this::checkProgress, calls.memory().patience());
        }
    }

    private int progress() {
        MessagePieces all = pieces;
        return all == null ? request.partialBytes() : -all.left();
    }

    private void checkProgress() {
        progressCheck = null;
        boolean waits = pieces != null || request.isPartial();
        if (over || !waits) {
            return;
        }
        if (progress != progress() || calls.memory().waiting() == 0) {
            watchProgress();
        } else if (pieces == null) {
            calls.memory().refused();
            refuse(EXHAUSTED);
        } else {
            calls.memory().refused();
            cutOff(EXHAUSTED, Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    private void letGo() {
        request.release();
        releaseAnswer();
        answer = null;
        pieces = null;
        unlimit();
        if (progressCheck != null) {
            progressCheck.cancel(false);
            progressCheck = null;
        }
    }

    /** By the event loop, or by a service whose client has gone in this moment. */
    private void releaseAnswer() {
        long bytes = ANSWER_BYTES.getAndSet(this, 0);
        if (bytes > 0) {
            calls.memory().release(bytes);
        }
        AnswerSlices streamed = slices == null ? null : SLICES.getAndSet(this, null);
        if (streamed != null) {
            streamed.close();
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
