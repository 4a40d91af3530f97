package io.quorate.api.recipe;

import com.google.common.util.concurrent.MoreExecutors;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.proto.mvccpb.Event;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import io.quorate.watch.WatchMessage;
import io.quorate.watch.WatchSpec;
import io.quorate.watch.WatchStream;
import io.quorate.watch.WatchStream.WatchSink;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One watcher on a stream of its own. Tells its listener of events one after the other, until it is closed. */
final class KeyWatch implements WatchSink {

    /** The watching recipe; called by one thread at a time. */
    interface Listener {

        /** A change, in the order of revisions. */
        void changed(Event event);

        /** Changes were missed, because history was compacted meanwhile; nothing more comes. */
        void missed();

        /** The caller may not watch, or there is no memory for one more watcher; nothing comes. */
        void refused(Throwable cause);

        /** Whether it takes another change now; if not, {@link KeyWatch#schedule()} is called when it does. */
        default boolean isReady() {
            return true;
        }
    }

    private final Executor executor;
    private final Listener listener;
    private volatile @Nullable WatchStream stream;
    private volatile boolean closed;

    KeyWatch(Executor executor, Listener listener) {
        this.executor = MoreExecutors.newSequentialExecutor(executor);
        this.listener = listener;
    }

    void open(WatchHub hub, WatchMemory room, WatchSpec spec) {
        WatchStream opened = hub.open(this, room);
        stream = opened;
        opened.create(spec);
    }

    @Override
    public void schedule() {
        executor.execute(this::drain);
    }

    private void drain() {
        WatchStream open = stream;
        if (open != null && !closed) {
            try {
                open.drain();
            } catch (RuntimeException | Error e) { // the recipe that waits for the next change has to read again
                Stages.report("telling of a change", e);
                close();
                listener.missed();
            }
        }
    }

    @Override
    public boolean isReady() {
        return !closed && listener.isReady();
    }

    @Override
    public void send(WatchMessage message) {
        switch (message) {
            case WatchMessage.Events events -> {
                for (Event event : events.events()) {
                    if (!closed) {
                        listener.changed(event);
                    }
                }
            }
            case WatchMessage.Canceled _ -> {
                if (!closed) {
                    close();
                    listener.missed();
                }
            }
            case WatchMessage.Refused _ -> {
                if (!closed) {
                    close();
                    listener.refused(new RequestException(RequestError.TOO_MANY_REQUESTS));
                }
            }
            case WatchMessage.Created _, WatchMessage.Progress _ -> {}
        }
    }

    /** Nothing more is told, at the latest once the change that is being told is done with. */
    void close() {
        closed = true;
        WatchStream open = stream;
        if (open != null) {
            open.close();
        }
    }
}
