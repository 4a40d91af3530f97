package io.quorate.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.CodedOutputStream;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The watchers of one client stream and what waits to be sent to it. All methods may be called on any thread, except that
 * {@link #drain} must not run on two threads at once. None waits for anything but the hub's lock, which is only held for
 * moments.
 *
 * <p>Everything goes through one queue: answers leave in the order of the requests, a watcher's events after the answer to
 * its creation, and a progress report after all events it covers.
 */
public final class WatchStream {

    static final String EMPTY_RANGE = "mvcc: watcher range is empty";
    static final String DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";
    static final String NO_ROOM = "etcdserver: too many requests";
    static final String NEGATIVE_START = "etcdserver: mvcc: required revision has been compacted";

    /** Watchers removed under one hold of the lock when the stream closes. */
    private static final int CLOSE_STEP = 256;

    /** Room for the header and the small fields of a response when its size is estimated. */
    private static final int RESPONSE_OVERHEAD = 64;

    private final WatchHub hub;
    private final WatchSink sink;
    private final WatchMemory room;
    private final StreamBuffer buffer;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** Parts of a split message, or of one for several watchers, still to be sent; owned by the draining thread. */
    private final ArrayDeque<WatchMessage> pieces = new ArrayDeque<>();

    // Guarded by the hub's lock; closed is also read without it.
    @GuardedBy("hub.lock")
    private final Map<Long, Watcher> watchers = new HashMap<>();

    @GuardedBy("hub.lock")
    private long nextId;

    @GuardedBy("hub.lock")
    private boolean reportsProgress;

    /** Events of the revision that is being matched, for watchers that want the same; used under the hub's lock by {@link Matches}. */
    @Nullable
    Outgoing shared;

    private volatile boolean closed;

    WatchStream(WatchHub hub, WatchSink sink, WatchMemory room) {
        this.hub = hub;
        this.sink = sink;
        this.room = room;
        WatchSettings settings = hub.settings();
        this.buffer = new StreamBuffer(settings.bufferMessages(), settings.bufferBytes());
    }

    /**
     * Creates a watcher and queues the answer. A start revision below the compacted one is accepted and then cancelled; an
     * empty range, a negative start revision, an id in use, and one for which there is no memory are refused.
     *
     * @return the id, or {@link WatchMessage#NO_WATCHER} if it was refused or the stream is closed
     */
    public long create(WatchSpec spec) {
        long bytes = spec.memoryBytes();
        if (!room.hold(bytes)) {
            refuse(NO_ROOM);
            return WatchMessage.NO_WATCHER;
        }
        long id = enter(spec);
        if (id == WatchMessage.NO_WATCHER) {
            room.release(bytes);
        }
        return id;
    }

    private long enter(WatchSpec spec) {
        Signals signals = hub.newSignals();
        long id = WatchMessage.NO_WATCHER;
        hub.lock.lock();
        try {
            if (!closed) {
                id = admit(spec, signals);
            }
        } finally {
            hub.lock.unlock();
        }
        signals.fire();
        return id;
    }

    /** Queues the refusal of a creation that the edge itself turned down, for want of permission for example. */
    public void refuse(String reason) {
        Signals signals = hub.newSignals();
        hub.lock.lock();
        try {
            if (!closed) {
                answer(new WatchMessage.Refused(hub.currentRevision(), reason), signals);
            }
        } finally {
            hub.lock.unlock();
        }
        signals.fire();
    }

    /** Ends a watcher and queues the answer; an unknown id gets none. Returns whether the id was known. */
    public boolean cancel(long id) {
        Signals signals = hub.newSignals();
        Watcher watcher;
        hub.lock.lock();
        try {
            watcher = watchers.remove(id);
            if (watcher != null) {
                hub.remove(watcher);
                answer(new WatchMessage.Canceled(id, hub.currentRevision(), 0), signals);
            }
        } finally {
            hub.lock.unlock();
        }
        if (watcher != null) {
            room.release(watcher.spec().memoryBytes());
        }
        signals.fire();
        return watcher != null;
    }

    /**
     * Queues a report with id -1 if every watcher of the stream is up to date and past its start revision; otherwise, or
     * without watchers, or with a full buffer, there is no answer. Returns whether there is one.
     */
    public boolean requestProgress() {
        Signals signals = hub.newSignals();
        boolean reported = false;
        hub.lock.lock();
        try {
            reported = !closed
                    && allUpToDate()
                    && hub.report(this, new WatchMessage.Progress(WatchMessage.NO_WATCHER, hub.notified()), signals);
        } finally {
            hub.lock.unlock();
        }
        signals.fire();
        return reported;
    }

    /**
     * False while too many answers wait to be sent; the edge then reads no further requests from the client until a drain
     * has made room.
     */
    public boolean acceptsRequests() {
        return buffer.answers() < hub.settings().requestBacklog();
    }

    /** Sends what is ready while the sink takes it. Never waits. */
    public void drain() {
        scheduled.set(false);
        while (!closed && sink.isReady()) {
            WatchMessage piece = pieces.poll();
            if (piece != null) {
                sink.send(piece);
                continue;
            }
            Outgoing next = buffer.pollReady();
            if (next == null) {
                return;
            }
            hub.counts().sent(next);
            send(next);
        }
    }

    private void send(Outgoing next) {
        if (!(next.message() instanceof WatchMessage.Events events)) {
            sink.send(next.message());
        } else if (next.mayFragment()) {
            split(events);
        } else {
            sink.send(events);
            for (Watcher watcher : next.watchers().subList(1, next.watchers().size())) {
                pieces.add(events.to(watcher.id()));
            }
        }
    }

    /** Ends all watchers and forgets what waits; nothing is sent any more. Closing twice does nothing. */
    public void close() {
        boolean first;
        hub.lock.lock();
        try {
            first = !closed;
            closed = true;
        } finally {
            hub.lock.unlock();
        }
        if (first) {
            while (!removeSome()) {
                // Others may have the lock in between.
                Thread.onSpinWait();
            }
            for (Outgoing left = buffer.poll(); left != null; left = buffer.poll()) {
                hub.counts().dropped(left);
            }
            hub.closed(this);
        }
    }

    boolean isClosed() {
        return closed;
    }

    StreamBuffer buffer() {
        return buffer;
    }

    /** Asks the sink to drain, unless it was already asked. */
    void signal() {
        if (!closed && scheduled.compareAndSet(false, true)) {
            sink.schedule();
        }
    }

    /** Reports to every watcher that asked for it, is up to date and had no event since the last time. The hub calls it with its lock held. */
    @SuppressWarnings("GuardedBy") // by the hub's own reports, which hold its lock
    void reportProgress(Signals signals) {
        for (Watcher watcher : watchers.values()) {
            if (watcher.spec().progressNotify() && watcher.quiet && isUpToDate(watcher)) {
                hub.report(this, new WatchMessage.Progress(watcher.id(), hub.notified()), signals);
            }
            watcher.quiet = true;
        }
    }

    /** Under the lock. */
    void answer(WatchMessage message, Signals signals) {
        buffer.answer(Outgoing.answer(message));
        signals.add(this);
    }

    @GuardedBy("hub.lock")
    private long admit(WatchSpec spec, Signals signals) {
        String refusal = refusal(spec);
        if (refusal != null) {
            answer(new WatchMessage.Refused(hub.currentRevision(), refusal), signals);
            return WatchMessage.NO_WATCHER;
        }
        long id = spec.requestedId() == 0 ? freeId() : spec.requestedId();
        Watcher watcher = new Watcher(this, id, spec);
        watchers.put(id, watcher);
        hub.admit(watcher, signals);
        if (spec.progressNotify() && !reportsProgress) {
            reportsProgress = true;
            hub.startReports(this, signals);
        }
        return id;
    }

    @GuardedBy("hub.lock")
    private @Nullable String refusal(WatchSpec spec) {
        if (spec.startRevision() < 0) {
            return NEGATIVE_START;
        }
        if (spec.range().isEmpty()) {
            return EMPTY_RANGE;
        }
        return spec.requestedId() != 0 && watchers.containsKey(spec.requestedId()) ? DUPLICATE_ID : null;
    }

    @GuardedBy("hub.lock")
    private long freeId() {
        while (watchers.containsKey(nextId)) {
            nextId++;
        }
        return nextId++;
    }

    @GuardedBy("hub.lock")
    private boolean allUpToDate() {
        boolean any = false;
        for (Watcher watcher : watchers.values()) {
            if (watcher.group != Watcher.Group.GONE) {
                if (!isUpToDate(watcher)) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    @GuardedBy("hub.lock")
    private boolean isUpToDate(Watcher watcher) {
        return watcher.group == Watcher.Group.SYNCED && watcher.spec().startRevision() <= hub.notified();
    }

    /** Removes some watchers and gives back what they held; says whether they were the last. */
    private boolean removeSome() {
        long bytes = 0;
        boolean last;
        hub.lock.lock();
        try {
            Iterator<Watcher> rest = watchers.values().iterator();
            for (int i = 0; i < CLOSE_STEP && rest.hasNext(); i++) {
                Watcher watcher = rest.next();
                hub.remove(watcher);
                rest.remove();
                bytes += watcher.spec().memoryBytes();
            }
            last = watchers.isEmpty();
        } finally {
            hub.lock.unlock();
        }
        room.release(bytes);
        return last;
    }

    /** Cuts a message into parts below the size limit, each with at least one event. */
    private void split(WatchMessage.Events whole) {
        List<Event> events = whole.events();
        int from = 0;
        long size = RESPONSE_OVERHEAD;
        for (int i = 0; i < events.size(); i++) {
            long added = CodedOutputStream.computeMessageSize(WatchResponse.EVENTS_FIELD_NUMBER, events.get(i));
            if (i > from && size + added > hub.settings().fragmentBytes()) {
                pieces.add(new WatchMessage.Events(whole.watchId(), whole.revision(), events.subList(from, i), true));
                from = i;
                size = RESPONSE_OVERHEAD;
            }
            size += added;
        }
        pieces.add(new WatchMessage.Events(
                whole.watchId(), whole.revision(), from == 0 ? events : events.subList(from, events.size()), false));
    }

    /** Where the messages of one stream go; implemented by the edge. */
    public interface WatchSink {

        /**
         * Something may be waiting: arrange for {@link WatchStream#drain} to be called soon on the thread that owns the
         * sink. Called on any thread, the apply thread included, never with a lock of the engine held, and not again before
         * the next drain. Must not block; must not drain on the calling thread unless that thread owns the sink.
         */
        void schedule();

        /** Whether the transport takes another message now; if not, the edge drains again once it does. */
        boolean isReady();

        /** Sends one message; only called from {@link WatchStream#drain}, after {@link #isReady} answered true. */
        void send(WatchMessage message);
    }
}
