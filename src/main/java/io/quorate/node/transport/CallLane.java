package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls to one peer. The connection is made with the first call and kept as long as it lasts. All state belongs to the event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
final class CallLane implements Dialer.User {

    /** Calls that may wait for their answers at a time. */
    private static final int CALLS_MAX = 4096;

    private record Call(int method, byte[] request, CompletableFuture<byte[]> answer) {}

    private final EventLoop loop;
    private final long peer;
    private final Map<Long, Call> calls = new LinkedHashMap<>();
    private @Nullable Dialer dialer;
    private @Nullable Channel channel;
    private long lastNumber;

    CallLane(EventLoop loop, long peer) {
        this.loop = loop;
        this.peer = peer;
    }

    /** Sets what connects this lane. */
    void connectBy(Dialer connection) {
        dialer = connection;
    }

    /** Asks; completes on the event loop. Fails with {@link PeerUnavailableException} or as {@link CallErrors} tells. */
    CompletableFuture<byte[]> call(int method, byte[] request, Duration timeout) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        loop.execute(() -> begin(new Call(method, request, answer), timeout));
        return answer;
    }

    private void begin(Call call, Duration timeout) {
        if (calls.size() >= CALLS_MAX || dialer == null) {
            call.answer().completeExceptionally(new PeerUnavailableException(peer, "too many calls wait"));
            return;
        }
        long number = ++lastNumber;
        calls.put(number, call);
        var timer = loop.schedule(() -> expire(number), timeout.toNanos(), TimeUnit.NANOSECONDS);
        var unused = call.answer().whenComplete((answer, failure) -> timer.cancel(false));
        if (channel == null) {
            dialer.open();
            dialer.hurry();
        } else {
            send(channel, number, call);
        }
    }

    private void expire(long number) {
        Call call = calls.remove(number);
        if (call != null) {
            call.answer().completeExceptionally(new PeerUnavailableException(peer, "no answer in time"));
        }
        closeIfUseless();
    }

    private static void send(Channel to, long number, Call call) {
        to.writeAndFlush(
                Frame.write(to.alloc(), FrameType.REQUEST, 16 + call.request().length, body -> {
                    body.writeLong(number).writeByte(call.method());
                    MessageCodec.writeBytes(call.request(), body);
                }),
                to.voidPromise());
    }

    @Override
    public void ready(Channel connected) {
        channel = connected;
        calls.forEach((number, call) -> send(connected, number, call));
    }

    @Override
    public void frame(Frame frame) {
        ByteBuf body = frame.body();
        try {
            if (frame.type() != FrameType.RESPONSE) {
                throw new MalformedFrameException("a frame " + frame.type() + " instead of an answer");
            }
            Call call = calls.remove(body.readLong());
            boolean good = body.readBoolean();
            if (call == null) {
                return; // it took too long
            }
            if (good) {
                call.answer().complete(MessageCodec.readBytes(body));
            } else {
                call.answer().completeExceptionally(CallErrors.read(body));
            }
        } finally {
            body.release();
        }
    }

    /** Whether a call that was sent took effect is not known, so it is not sent again. */
    @Override
    public void lost() {
        channel = null;
        List<Call> open = List.copyOf(calls.values());
        calls.clear();
        open.forEach(
                call -> call.answer().completeExceptionally(new PeerUnavailableException(peer, "connection lost")));
        closeIfUseless();
    }

    private void closeIfUseless() {
        if (channel == null && calls.isEmpty() && dialer != null) {
            dialer.close();
        }
    }
}
