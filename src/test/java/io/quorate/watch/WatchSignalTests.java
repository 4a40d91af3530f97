package io.quorate.watch;

import static io.quorate.watch.WatchFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MeterReader;
import io.quorate.watch.WatchMessage.Created;
import io.quorate.watch.WatchMessage.Progress;
import io.quorate.watch.WatchMessage.Refused;
import org.junit.jupiter.api.Test;

/** Whoever queues something says so: to the stream that has to send it, or to the thread that has to work. */
class WatchSignalTests {

    private final WatchFixture fixture = new WatchFixture();
    private final TestSink sink = fixture.open();

    @Test
    void refuseReachesTheClientByItself() {
        sink.stream.refuse("no");
        assertThat(sink.take()).containsExactly(new Refused(1, "no"));
        assertThat(new Refused(1, "no").watchId()).isEqualTo(WatchMessage.NO_WATCHER);
    }

    @Test
    void requestProgressReachesTheClientByItself() {
        sink.stream.create(key("a").build());
        assertThat(sink.take()).containsExactly(new Created(0, 1));
        assertThat(sink.stream.requestProgress()).isTrue();
        assertThat(sink.take()).containsExactly(new Progress(WatchMessage.NO_WATCHER, 1));
    }

    @Test
    void isLockedByCallerWhenItIsNotHeldIsFalse() {
        assertThat(fixture.hub.isLockedByCaller()).isFalse();
        fixture.hub.lock.lock();
        try {
            assertThat(fixture.hub.isLockedByCaller()).isTrue();
        } finally {
            fixture.hub.lock.unlock();
        }
    }

    /** Its thread rests for as long as nothing is due. */
    @Test
    void restoredWhenWatchersHaveToCatchUpWakesTheThread() {
        sink.stream.create(key("a").build());
        fixture.store.put("a", "1");
        fixture.work();
        fixture.hub.restoring();
        fixture.store.change(WatchHubTests.changes("a", "2"));
        fixture.store.show();
        fixture.work();
        int before = fixture.wakeUps;
        fixture.hub.restored();
        assertThat(fixture.wakeUps).isGreaterThan(before);
    }

    @Test
    void createWhenItStartsInThePastWakesTheThread() {
        fixture.store.put("a", "1");
        fixture.work();
        int before = fixture.wakeUps;
        sink.stream.create(key("a").startRevision(1).build());
        assertThat(fixture.wakeUps).isGreaterThan(before);
    }

    @Test
    void committedWhenAPreviousRecordIsNeededWakesTheThread() {
        sink.stream.create(key("a").previousRecord(true).build());
        fixture.store.put("a", "1");
        fixture.work();
        int before = fixture.wakeUps;
        fixture.store.put("a", "2");
        assertThat(fixture.wakeUps).isGreaterThan(before);
    }

    @Test
    void isClosedOnceItIs() {
        assertThat(sink.stream.isClosed()).isFalse();
        sink.stream.close();
        assertThat(sink.stream.isClosed()).isTrue();
    }

    @Test
    void metersFollowTheHub() {
        MeterReader meters = new MeterReader(to -> WatchMeters.register(fixture.hub, to));
        fixture.store.put("a", "1");
        fixture.open();
        sink.stream.create(key("a").startRevision(1).build());
        assertThat(meters.value("etcd_debugging_mvcc_watch_stream_total")).isEqualTo(2);
        assertThat(meters.value("etcd_debugging_mvcc_watcher_total")).isEqualTo(1);
        assertThat(meters.value("etcd_debugging_mvcc_slow_watcher_total")).isEqualTo(1);
        fixture.work();
        assertThat(meters.value("etcd_debugging_mvcc_slow_watcher_total")).isZero();
        assertThat(meters.value("etcd_debugging_mvcc_events_total")).isEqualTo(1);
        sink.room = 0;
        fixture.store.put("a", "2");
        assertThat(meters.value("etcd_debugging_mvcc_pending_events_total")).isEqualTo(1);
    }
}
