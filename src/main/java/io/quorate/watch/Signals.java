package io.quorate.watch;

import java.util.ArrayList;
import java.util.List;

/** What a change under the hub's lock asks others to do; collected under the lock, sent after it is released. */
final class Signals {

    private final List<WatchStream> streams = new ArrayList<>();
    private final Runnable wakeUp;
    private boolean wake;

    Signals(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** The stream has something to send. */
    void add(WatchStream stream) {
        streams.add(stream);
    }

    /** {@code watch-sync} has something to do earlier than it thought. */
    void wake() {
        wake = true;
    }

    /** Sends everything collected; without the lock. */
    void fire() {
        if (wake) {
            wake = false;
            wakeUp.run();
        }
        if (!streams.isEmpty()) {
            for (WatchStream stream : streams) {
                stream.signal();
            }
            streams.clear();
        }
    }
}
