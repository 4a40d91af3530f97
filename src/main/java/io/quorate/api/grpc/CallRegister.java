package io.quorate.api.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.NetUtil;
import io.quorate.base.CallTrace;
import io.quorate.proto.inspection.CallPhase;
import io.quorate.proto.inspection.SlowCall;
import io.quorate.tracing.CallSpans.Traffic;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask about single calls: which were slow lately, and which go on now. Keeps the last {@link #SLOW_MAX} slow calls, and an
 * entry for each stream for as long as it is open; so streams are bounded by what bounds them anyway. Any thread.
 */
public final class CallRegister {

    /** Slow calls that are kept. */
    static final int SLOW_MAX = 100;

    static final int SLOW_PER_SECOND = 1000;
    private static final int MILLIS_PER_SECOND = 1000;

    private final Users users;
    private final InstantSource wallClock;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();

    @GuardedBy("slow")
    private final ArrayDeque<SlowCall> slow = new ArrayDeque<>(SLOW_MAX);

    @GuardedBy("slow")
    private long slowTotal;

    @GuardedBy("slow")
    private long second;

    @GuardedBy("slow")
    private int slowInSecond;

    /** Tells the caller of a call. */
    public interface Users {

        /** What the call says of its caller. */
        Caller caller(Attributes connection, Metadata headers);

        /** The name of his user, if no work is needed to tell; null if there is none. */
        @Nullable
        String name(Caller caller);
    }

    public CallRegister(Users users, InstantSource wallClock) {
        this.users = users;
        this.wallClock = wallClock;
    }

    /** A call that may go on for long. What has gone is counted by its transport, one thread after the other. */
    final class Stream {

        private final String method;
        private final String client;
        private final Caller caller;
        private final long sinceMillis = wallClock.millis();
        private final AtomicLong receivedBytes = new AtomicLong();
        private final AtomicLong sentBytes = new AtomicLong();
        private final AtomicLong sentMessages = new AtomicLong();
        private final AtomicLong receivedMessages = new AtomicLong();
        private volatile @Nullable String user;

        private Stream(String method, String client, Caller caller) {
            this.method = method;
            this.client = client;
            this.caller = caller;
            this.user = users.name(caller);
        }

        void received(long bytes) {
            receivedBytes.addAndGet(bytes);
        }

        void sent(long bytes) {
            sentBytes.addAndGet(bytes);
        }

        void receivedMessage() {
            receivedMessages.incrementAndGet();
        }

        void sentMessage() {
            sentMessages.incrementAndGet();
        }

        void close() {
            open.remove(this);
        }

        Traffic traffic() {
            return new Traffic(receivedMessages.get(), sentMessages.get(), receivedBytes.get(), sentBytes.get());
        }

        String method() {
            return method;
        }

        String client() {
            return client;
        }

        /** His name; that of the beginning if it is not known any more, null if there is none. */
        @Nullable
        String user() {
            String now = users.name(caller);
            if (now != null) {
                user = now;
            }
            return user;
        }

        long sinceMillis() {
            return sinceMillis;
        }

        long receivedBytes() {
            return receivedBytes.get();
        }

        long sentBytes() {
            return sentBytes.get();
        }

        long sentMessages() {
            return sentMessages.get();
        }
    }

    /** A stream begins. */
    Stream open(String method, Attributes connection, Metadata headers) {
        Stream stream = new Stream(method, client(connection), users.caller(connection, headers));
        open.add(stream);
        return stream;
    }

    /** A call was slow. Of more than {@link #SLOW_PER_SECOND} in a second only the first are kept, so that trouble does not make more of it. */
    void slow(Slow call) {
        long now = wallClock.millis();
        synchronized (slow) {
            slowTotal++;
            if (now / MILLIS_PER_SECOND != second) {
                second = now / MILLIS_PER_SECOND;
                slowInSecond = 0;
            }
            if (++slowInSecond > SLOW_PER_SECOND) {
                return;
            }
        }
        SlowCall told =
                told(call, now); // without the lock, and as text: a request might hold what its client sent with it
        synchronized (slow) {
            if (slow.size() == SLOW_MAX) {
                slow.removeLast();
            }
            slow.addFirst(told);
        }
    }

    /**
     * A unary call that was slow.
     *
     * @param endNanos by the clock of the trace
     */
    record Slow(
            String method,
            Attributes connection,
            Metadata headers,
            CallTrace trace,
            CallLog.Sizes sizes,
            Status.Code code,
            long endNanos) {}

    private SlowCall told(Slow call, long endedMillis) {
        String user = users.name(users.caller(call.connection(), call.headers()));
        SlowCall.Builder told = SlowCall.newBuilder()
                .setId(call.trace().id())
                .setMethod(call.method())
                .setSubject(CallLog.subject(call.trace()))
                .setClient(client(call.connection()))
                .setUser(user == null ? "" : user)
                .setCode(call.code().name())
                .setEndedMillis(endedMillis)
                .setDurationMicros(TimeUnit.NANOSECONDS.toMicros(call.trace().nanosUntil(call.endNanos())))
                .setReceivedBytes(call.sizes().received())
                .setSentBytes(call.sizes().sent());
        call.trace()
                .visit(
                        call.endNanos(),
                        (name, from, to) -> told.addPhases(CallPhase.newBuilder()
                                .setName(name)
                                .setMicros(TimeUnit.NANOSECONDS.toMicros(to - from))));
        return told.build();
    }

    private static String client(Attributes connection) {
        return connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress inet
                ? NetUtil.toSocketAddressString(inet)
                : "";
    }

    /** The last slow calls, the newest first. */
    List<SlowCall> slow() {
        synchronized (slow) {
            return List.copyOf(slow);
        }
    }

    /** All calls that were slow. */
    long slowTotal() {
        synchronized (slow) {
            return slowTotal;
        }
    }

    /** The streams that are open, by client, the longest first. */
    List<Stream> open() {
        return open.stream()
                .sorted(Comparator.comparing(Stream::client).thenComparingLong(Stream::sinceMillis))
                .toList();
    }
}
