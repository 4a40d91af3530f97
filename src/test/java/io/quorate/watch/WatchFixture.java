package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.time.Duration;
import java.util.SplittableRandom;

/** A hub over a store in memory, stepped by hand with its own clock. */
final class WatchFixture {

    final TestStore store = new TestStore();
    final WatchHub hub;
    long nanos = 17;
    int wakeUps;

    WatchFixture() {
        this(WatchSettings.DEFAULTS);
    }

    WatchFixture(WatchSettings settings) {
        hub = new WatchHub(store, settings, () -> nanos, new SplittableRandom(1), () -> wakeUps++);
        store.hub = hub;
    }

    TestSink open() {
        return open(WatchMemory.UNBOUNDED);
    }

    TestSink open(WatchMemory memory) {
        return new TestSink(hub, memory);
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** Works until nothing is due at this moment. */
    void work() {
        for (int i = 0; i < 10_000; i++) {
            if (hub.doWork() > 0) {
                return;
            }
        }
        throw new AssertionError("the work never ends");
    }

    static WatchSpec.WatchSpecBuilder key(String key) {
        return WatchSpec.builder().range(KeyRange.single(Bytes.utf8(key)));
    }

    static WatchSpec.WatchSpecBuilder prefix(String prefix) {
        return WatchSpec.builder().range(KeyRange.prefix(Bytes.utf8(prefix)));
    }

    static WatchSpec.WatchSpecBuilder everything() {
        return WatchSpec.builder().range(KeyRange.ALL);
    }
}
