package io.quorate.watch;

import static io.quorate.watch.WatchFixture.everything;
import static io.quorate.watch.WatchFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.proto.mvccpb.Event;
import io.quorate.watch.WatchMessage.Events;
import io.quorate.watch.WatchMessage.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreviousRecordTests {

    private final WatchFixture fixture = new WatchFixture();
    private final TestStore store = fixture.store;
    private final TestSink sink = fixture.open();
    private final WatchStream stream = sink.stream;

    @Test
    void doWorkWhenAnEventReplacedARecordAddsIt() {
        stream.create(key("a").previousRecord(true).build());
        store.put("a", "1");
        store.put("a", "2");
        store.delete("a");
        store.put("a", "3");
        fixture.work();

        List<Events> events = sink.takeEvents();
        assertThat(events).extracting(PreviousRecordTests::previous).containsExactly("", "1", "2", "");
        assertThat(events.get(2).events().getFirst().getPrevKv().getModRevision())
                .isEqualTo(3);
    }

    @Test
    void committedWhenNothingWasReplacedSendsAtOnce() {
        stream.create(key("a").previousRecord(true).build());
        store.put("a", "1");
        assertThat(sink.takeEvents()).hasSize(1);
        assertThat(store.recordReads).isZero();
    }

    @Test
    void doWorkWhenManyWatchersWantTheRecordReadsItOnceAndSharesTheEvent() {
        List<TestSink> others = List.of(fixture.open(), fixture.open(), fixture.open());
        others.forEach(
                other -> other.stream.create(everything().previousRecord(true).build()));
        store.put("a", "1");
        others.forEach(TestSink::take);
        store.put("a", "2");
        fixture.work();

        List<Event> received = others.stream()
                .map(other -> other.takeEvents().getFirst().events().getFirst())
                .toList();
        assertThat(received).allSatisfy(event -> assertThat(event).isSameAs(received.getFirst()));
        assertThat(store.recordReads).isEqualTo(1);
    }

    @Test
    void drainWhenARecordIsMissingKeepsBackEverythingBehindIt() {
        stream.create(key("a").previousRecord(true).build());
        stream.create(key("a").build());
        store.put("a", "1");
        sink.take();
        store.put("a", "2");
        stream.requestProgress();
        stream.cancel(1);
        List<WatchMessage> early = sink.take();
        assertThat(early).noneMatch(message -> message instanceof Progress || message.watchId() == 0);
        fixture.work();
        List<WatchMessage> late = sink.take();
        assertThat(early.size() + late.size()).isEqualTo(4);
        assertThat(late).contains(new Progress(-1, 3));
        assertThat(late.getLast()).isInstanceOf(WatchMessage.Canceled.class);
    }

    @Test
    void doWorkWhenTheRevisionBeforeIsNotVisibleYetWaits() {
        stream.create(key("a").previousRecord(true).build());
        store.holdBack(true);
        store.put("a", "1");
        store.put("a", "2");
        sink.take();
        fixture.work();
        assertThat(sink.take()).isEmpty();
        assertThat(fixture.hub.doWork()).isEqualTo(50_000);
        store.show();
        fixture.nanos += 50_000;
        fixture.work();
        assertThat(sink.takeEvents()).extracting(PreviousRecordTests::previous).containsExactly("1");
    }

    @Test
    void doWorkWhenTheRecordIsCompactedSendsTheEventWithout() {
        store.put("a", "1");
        stream.create(key("a").previousRecord(true).build());
        store.put("a", "2");
        store.compact(3);
        fixture.work();
        assertThat(sink.takeEvents()).extracting(PreviousRecordTests::previous).containsExactly("");
    }

    @Test
    void doWorkWhenCatchingUpAddsRecordsToo() {
        store.put("a", "1");
        store.put("a", "2");
        stream.create(key("a").previousRecord(true).startRevision(3).build());
        fixture.work();
        assertThat(sink.takeEvents()).extracting(PreviousRecordTests::previous).containsExactly("1");
    }

    @Test
    void doWorkWhenTheWatcherWasAVictimAddsTheRecordAfterwards() {
        stream.create(key("a").previousRecord(true).build());
        sink.room = 0;
        for (int i = 0; i < 129; i++) {
            store.put("a", Integer.toString(i));
        }
        fixture.work();
        sink.room = 1000;
        stream.drain();
        fixture.pass(Duration.ofMillis(10));
        fixture.work();
        List<Events> events = sink.takeEvents();
        assertThat(events).hasSize(129);
        assertThat(previous(events.getLast())).isEqualTo("127");
    }

    private static String previous(Events events) {
        return events.events().getFirst().getPrevKv().getValue().toStringUtf8();
    }
}
