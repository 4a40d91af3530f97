package io.quorate.watch;

import static io.quorate.watch.WatchFixture.everything;
import static io.quorate.watch.WatchFixture.key;
import static io.quorate.watch.WatchFixture.prefix;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.proto.mvccpb.Event;
import io.quorate.watch.WatchMessage.Canceled;
import io.quorate.watch.WatchMessage.Created;
import io.quorate.watch.WatchMessage.Events;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchUpTests {

    private WatchFixture fixture = new WatchFixture();

    @Test
    void doWorkWhenAWatcherStartsInThePastSendsWholeRevisionsUnderTheCurrentRevision() {
        fixture.store.commit(WatchHubTests.changes("a", "1", "b", "1"));
        fixture.store.put("c", "1");
        fixture.store.delete("a");
        TestSink sink = fixture.open();
        sink.stream.create(everything().startRevision(2).build());
        assertThat(sink.take()).containsExactly(new Created(0, 4));
        fixture.work();
        fixture.store.put("d", "1");

        List<Events> events = sink.takeEvents();
        assertThat(events)
                .extracting(sent -> TestSink.text(sent.events()))
                .containsExactly("+a@2 +b@2 +c@3 -a@4", "+d@5");
        assertThat(events).extracting(Events::revision).containsExactly(4L, 5L);
    }

    @Test
    void doWorkWhenFarBehindSendsAtMostAThousandRevisionsAMessage() {
        putMany(2500);
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(1).build());
        fixture.work();

        List<Events> events = sink.takeEvents();
        assertThat(events).extracting(sent -> sent.events().size()).containsExactly(1000, 1000, 500);
        assertThat(events).extracting(Events::revision).containsOnly(2501L);
        assertThat(joined(events)).isEqualTo(fixture.store.all());
    }

    @Test
    void doWorkWhenEventsAreLargeEndsAMessageAtARevision() {
        fixture = new WatchFixture(WatchSettings.DEFAULTS.withCatchUpBytes(3000));
        for (int i = 0; i < 10; i++) {
            fixture.store.commit(WatchHubTests.changes("a", "x".repeat(1000), "b", "x".repeat(1000)));
        }
        TestSink sink = fixture.open();
        sink.stream.create(everything().startRevision(1).build());
        fixture.work();

        List<Events> events = sink.takeEvents();
        assertThat(events).extracting(sent -> sent.events().size()).containsExactly(4, 4, 4, 4, 4);
    }

    @Test
    void doWorkWhenThePassHasReadEnoughGoesOnInTheNext() {
        fixture = new WatchFixture(WatchSettings.DEFAULTS.withCatchUpEvents(100));
        putMany(1000);
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(1).build());
        TestSink other = fixture.open();
        other.stream.create(key("k").startRevision(901).build());
        fixture.work();

        assertThat(joined(sink.takeEvents())).isEqualTo(fixture.store.all());
        assertThat(joined(other.takeEvents())).hasSize(101);
        // The one that needs less does not wait for the one that is far behind.
        assertThat(fixture.store.reads).isBetween(10, 13);
    }

    @Test
    void doWorkWhenThereAreMoreWatchersThanAPassServesServesAll() {
        fixture = new WatchFixture(WatchSettings.DEFAULTS.withCatchUpWatchers(10));
        putMany(50);
        List<TestSink> sinks = new ArrayList<>();
        for (int i = 0; i < 95; i++) {
            TestSink sink = fixture.open();
            sink.stream.create(prefix("k").startRevision(1 + i % 7).build());
            sinks.add(sink);
        }
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(95);
        fixture.work();
        assertThat(fixture.hub.slowWatcherCount()).isZero();
        for (int i = 0; i < 95; i++) {
            int first = Math.max(0, 1 + i % 7 - 2);
            assertThat(joined(sinks.get(i).takeEvents()))
                    .isEqualTo(fixture.store.all().subList(first, 50));
        }
    }

    private void workWhileFiftyMoreAreWritten() {
        int[] writes = {0};
        fixture.store.duringRead = () -> {
            if (writes[0]++ < 50) {
                fixture.store.put("k", "more");
            }
        };
        fixture.work();
    }

    @Test
    void doWorkWhenWritesGoOnDuringTheScanBringsTheWatcherUpToDateFromMemory() {
        putMany(100);
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(1).build());
        workWhileFiftyMoreAreWritten();

        assertThat(fixture.store.reads).isEqualTo(1);
        assertThat(fixture.hub.slowWatcherCount()).isZero();
        fixture.store.put("k", "last");
        assertThat(joined(sink.takeEvents())).isEqualTo(fixture.store.all());
    }

    @Test
    void doWorkWhenMoreIsWrittenThanMemoryKeepsReadsAgain() {
        fixture = new WatchFixture(WatchSettings.DEFAULTS.withRecentRevisions(10));
        putMany(100);
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(1).build());
        workWhileFiftyMoreAreWritten();

        assertThat(fixture.store.reads).isEqualTo(2);
        assertThat(joined(sink.takeEvents())).isEqualTo(fixture.store.all());
        assertThat(fixture.hub.slowWatcherCount()).isZero();
    }

    @Test
    void doWorkWhenTheNewestRevisionIsNotVisibleYetWaitsForIt() {
        fixture.store.holdBack(true);
        fixture.store.put("k", "1");
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(1).build());
        fixture.work();
        assertThat(sink.takeEvents()).isEmpty();
        assertThat(fixture.hub.doWork()).isEqualTo(1_000_000);

        fixture.store.show();
        fixture.nanos += 1_000_000;
        fixture.work();
        assertThat(joined(sink.takeEvents())).isEqualTo(fixture.store.all());
        assertThat(fixture.hub.slowWatcherCount()).isZero();
    }

    @Test
    void doWorkWhenCompactionOvertakesTheScanCancelsThoseWhoMissEventsOnly() {
        putMany(20);
        TestSink behind = fixture.open();
        behind.stream.create(key("k").startRevision(2).build());
        TestSink ahead = fixture.open();
        ahead.stream.create(key("k").startRevision(15).build());
        behind.take();
        ahead.take();
        int[] events = {0};
        fixture.store.duringRead = () -> {
            if (events[0]++ == 5) {
                fixture.store.compact(10);
            }
        };
        fixture.work();

        assertThat(behind.take()).containsExactly(new Canceled(0, 0, 10));
        assertThat(joined(ahead.takeEvents())).hasSize(21 - 15 + 1);
        fixture.store.put("k", "x");
        assertThat(behind.take()).isEmpty();
        assertThat(ahead.takeEvents()).hasSize(1);
    }

    @Test
    void doWorkWhenTheWatcherIsCancelledDuringTheScanSendsNothingMore() {
        putMany(20);
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(2).build());
        fixture.store.duringRead = () -> sink.stream.cancel(0);
        fixture.work();

        assertThat(sink.take()).containsExactly(new Created(0, 21), new Canceled(0, 21, 0));
    }

    @Test
    void doWorkWhenTheStoreIsReplacedDuringTheScanReadsAgain() {
        putMany(20);
        TestSink sink = fixture.open();
        sink.stream.create(key("k").startRevision(2).build());
        int[] events = {0};
        fixture.store.duringRead = () -> {
            if (events[0]++ == 5) {
                fixture.hub.restoring();
            }
        };
        fixture.work();
        assertThat(sink.takeEvents()).isEmpty();
        fixture.hub.restored();
        fixture.work();
        assertThat(joined(sink.takeEvents())).isEqualTo(fixture.store.all());
    }

    @Test
    void doWorkWhenTheStreamIsFullMakesTheWatcherAVictimAndOthersGoOn() {
        fixture = new WatchFixture(WatchSettings.DEFAULTS
                .withBufferMessages(1)
                .withRecentRevisions(10)
                .withCatchUpRevisions(10));
        putMany(100);
        TestSink slow = fixture.open();
        slow.room = 1;
        slow.stream.create(key("k").startRevision(1).build());
        TestSink quick = fixture.open();
        quick.stream.create(key("k").startRevision(1).build());
        fixture.work();
        assertThat(joined(quick.takeEvents())).isEqualTo(fixture.store.all());
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(1);
        assertThat(fixture.hub.counts().pendingEvents()).isEqualTo(20);

        slow.room = 1000;
        for (int i = 0; i < 100 && fixture.hub.slowWatcherCount() > 0; i++) {
            slow.stream.drain();
            fixture.nanos += 100_000_000;
            fixture.work();
        }
        assertThat(joined(slow.takeEvents())).isEqualTo(fixture.store.all());
        assertThat(fixture.hub.slowWatcherCount()).isZero();
    }

    private void putMany(int count) {
        for (int i = 0; i < count; i++) {
            fixture.store.put("k", Integer.toString(i));
        }
    }

    private static List<Event> joined(List<Events> events) {
        return events.stream().flatMap(sent -> sent.events().stream()).toList();
    }
}
