package io.quorate.watch;

import static io.quorate.watch.WatchFixture.everything;
import static io.quorate.watch.WatchFixture.key;
import static io.quorate.watch.WatchFixture.prefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.proto.mvccpb.Event;
import io.quorate.watch.WatchMessage.Created;
import io.quorate.watch.WatchMessage.Events;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchHubTests {

    private final WatchFixture fixture = new WatchFixture();
    private final TestStore store = fixture.store;
    private final TestSink sink = fixture.open();
    private final WatchStream stream = sink.stream;

    @Test
    void committedWhenARevisionHasSeveralEventsSendsThemTogetherAndNoOtherRevisionWithThem() {
        stream.create(prefix("a").build());
        store.commit(changes("a1", "x", "b", "x", "a2", "x"));
        store.put("a3", "x");

        List<Events> events = sink.takeEvents();
        assertThat(events).hasSize(2);
        assertThat(TestSink.text(events.get(0).events())).isEqualTo("+a1@2 +a2@2");
        assertThat(events.get(0).revision()).isEqualTo(2);
        assertThat(TestSink.text(events.get(1).events())).isEqualTo("+a3@3");
        assertThat(events.get(1).revision()).isEqualTo(3);
    }

    @Test
    void committedWhenSeveralWatchersMatchSharesTheEventObjects() {
        stream.create(everything().build());
        TestSink other = fixture.open();
        other.stream.create(key("a").build());
        store.commit(changes("a", "x", "b", "x"));

        List<Event> all = sink.takeEvents().getFirst().events();
        List<Event> one = other.takeEvents().getFirst().events();
        assertThat(all).hasSize(2);
        assertThat(one).hasSize(1);
        assertThat(one.getFirst()).isSameAs(all.getFirst());
    }

    @Test
    void committedWhenAFilterDropsTheEventsSendsNothing() {
        stream.create(key("a").noPut(true).build());
        stream.create(key("a").noDelete(true).build());
        stream.create(key("a").noPut(true).noDelete(true).build());
        sink.take();
        store.put("a", "x");
        store.delete("a");

        List<Events> events = sink.takeEvents();
        assertThat(events).extracting(Events::watchId).containsExactly(1L, 0L);
        assertThat(events).extracting(sent -> TestSink.text(sent.events())).containsExactly("+a@2", "-a@3");
    }

    @Test
    void committedWhenTheStartRevisionLiesAheadIsSilentUntilItIsReached() {
        stream.create(key("a").startRevision(4).build());
        store.put("a", "1");
        store.put("a", "2");
        store.put("a", "3");

        assertThat(sink.takeEvents())
                .extracting(sent -> TestSink.text(sent.events()))
                .containsExactly("+a@4");
        assertThat(store.reads).isZero();
    }

    @Test
    void committedWhenARevisionRepeatsIsFatal() {
        store.put("a", "1");
        List<Event> events = store.all();
        assertThatThrownBy(() -> fixture.hub.committed(2, events)).isInstanceOf(Fault.class);
    }

    @Test
    void committedWhenTheBufferIsFullMakesAVictimThatCatchesUpLater() {
        sink.room = 1;
        stream.create(key("a").build());
        for (int i = 0; i < 200; i++) {
            store.put("a", Integer.toString(i));
        }
        // 128 wait in the stream, one is held, the rest is history.
        assertThat(fixture.hub.counts().pendingEvents()).isEqualTo(129);
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(1);
        assertThat(fixture.wakeUps).isEqualTo(1);
        fixture.work();
        assertThat(fixture.hub.doWork()).isEqualTo(Duration.ofMillis(10).toNanos());

        sink.room = 1;
        stream.drain();
        fixture.pass(Duration.ofMillis(9));
        fixture.work();
        assertThat(fixture.hub.counts().pendingEvents()).isEqualTo(128);
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(1);
        fixture.pass(Duration.ofMillis(1));
        fixture.work();
        // The held one went into the free place; now it is unsynced.
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(1);
        assertThat(store.reads).isZero();

        sink.room = 1000;
        stream.drain();
        fixture.pass(Duration.ofMillis(100));
        fixture.work();
        assertThat(fixture.hub.slowWatcherCount()).isZero();
        List<Event> received = sink.takeEvents().stream()
                .flatMap(sent -> sent.events().stream())
                .toList();
        assertThat(received).isEqualTo(store.all());
        assertThat(fixture.hub.counts().pendingEvents()).isZero();
        assertThat(fixture.hub.counts().sentEvents()).isEqualTo(200);
    }

    @Test
    void committedWhenTheBytesOfTheBufferAreUsedUpMakesAVictim() {
        WatchFixture small = new WatchFixture(WatchSettings.DEFAULTS.withBufferBytes(1000));
        TestSink slow = small.open();
        slow.room = 1;
        slow.stream.create(key("a").build());
        small.store.put("a", "x".repeat(5000));
        assertThat(small.hub.slowWatcherCount()).isZero();
        small.store.put("a", "x");
        assertThat(small.hub.slowWatcherCount()).isEqualTo(1);
    }

    @Test
    void doWorkWhenAVictimIsUpToDateAfterItsHeldMessageMakesItSynced() {
        sink.room = 1;
        stream.create(key("a").build());
        for (int i = 0; i < 129; i++) {
            store.put("a", Integer.toString(i));
        }
        sink.room = 128;
        stream.drain();
        fixture.pass(Duration.ofMillis(10));
        fixture.work();

        assertThat(fixture.hub.slowWatcherCount()).isZero();
        assertThat(store.reads).isZero();
        sink.room = 1000;
        stream.drain();
        assertThat(sink.takeEvents()).hasSize(129);
    }

    @Test
    void cancelWhenTheWatcherIsAVictimDropsWhatItHeld() {
        sink.room = 1;
        stream.create(key("a").build());
        for (int i = 0; i < 150; i++) {
            store.put("a", Integer.toString(i));
        }
        stream.cancel(0);
        assertThat(fixture.hub.counts().pendingEvents()).isEqualTo(128);
        assertThat(fixture.hub.slowWatcherCount()).isZero();
        sink.room = 1000;
        fixture.pass(Duration.ofSeconds(1));
        fixture.work();
        stream.drain();
        List<WatchMessage> messages = sink.take();
        assertThat(messages).hasSize(1 + 128 + 1);
        assertThat(messages.getLast()).isInstanceOf(WatchMessage.Canceled.class);
    }

    @Test
    void committedWhenAnotherStreamIsSlowIsNotHeldUp() {
        sink.room = 1;
        stream.create(key("a").build());
        TestSink quick = fixture.open();
        quick.stream.create(key("a").build());
        for (int i = 0; i < 1000; i++) {
            store.put("a", Integer.toString(i));
        }
        assertThat(quick.takeEvents()).hasSize(1000);
    }

    @Test
    void restoredWhenWatchersAreSyncedLetsThemCatchUpFromTheNewStore() {
        stream.create(key("a").build());
        stream.create(key("a").startRevision(5).build());
        store.put("a", "1");
        fixture.hub.restoring();
        store.change(changes("a", "2"));
        store.change(changes("a", "3"));
        store.change(changes("b", "3"));
        store.show();
        fixture.work();
        fixture.hub.restored();
        fixture.work();
        store.put("a", "4");

        List<Events> events = sink.takeEvents();
        assertThat(events.stream().filter(sent -> sent.watchId() == 0))
                .extracting(sent -> TestSink.text(sent.events()))
                .containsExactly("+a@2", "+a@3 +a@4", "+a@6");
        assertThat(events.stream().filter(sent -> sent.watchId() == 1))
                .extracting(sent -> TestSink.text(sent.events()))
                .containsExactly("+a@6");
        assertThat(events.get(1).revision()).isEqualTo(5);
    }

    @Test
    void restoredWhenTheSnapshotCompactedWhatAWatcherMissesCancelsIt() {
        stream.create(key("a").build());
        store.put("a", "1");
        fixture.hub.restoring();
        store.change(changes("a", "2"));
        store.change(changes("a", "3"));
        store.compact(4);
        fixture.hub.restored();
        fixture.work();

        assertThat(sink.take().getLast()).isEqualTo(new WatchMessage.Canceled(0, 0, 4));
    }

    @Test
    void committedWhenEventsComeBeforeTheAnswerIsSentKeepsTheAnswerFirst() {
        sink.drainsItself = false;
        stream.create(key("a").build());
        store.put("a", "1");
        stream.create(key("a").startRevision(1).build());
        store.put("a", "2");
        fixture.work();
        stream.drain();

        List<WatchMessage> messages = sink.take();
        assertThat(messages.get(0)).isEqualTo(new Created(0, 1));
        int answer = messages.indexOf(new Created(1, 2));
        assertThat(messages.subList(0, answer)).noneMatch(message -> message.watchId() == 1);
        assertThat(messages.subList(answer + 1, messages.size())).anyMatch(message -> message.watchId() == 1);
    }

    static Map<String, @Nullable String> changes(@Nullable String... keysAndValues) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String key = keysAndValues[i];
            if (key != null) {
                changes.put(key, keysAndValues[i + 1]);
            }
        }
        return changes;
    }
}
