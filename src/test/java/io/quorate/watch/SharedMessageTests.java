package io.quorate.watch;

import static io.quorate.watch.WatchFixture.everything;
import static io.quorate.watch.WatchFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.watch.WatchMessage.Events;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Watchers of one stream that want the same share its place in the buffer. */
class SharedMessageTests {

    private static final int WATCHERS = 300; // more than messages fit
    private static final List<Long> IDS = LongStream.range(0, WATCHERS).boxed().toList();

    private final WatchFixture fixture = new WatchFixture();
    private final TestStore store = fixture.store;
    private final TestSink sink = fixture.open();
    private final WatchStream stream = sink.stream;

    private void watchByAll() {
        IDS.forEach(id -> stream.create(key("a").build()));
        sink.take();
    }

    @Test
    void committedWhenManyWatchTheSameSendsToEachAndMakesNoVictims() {
        watchByAll();
        sink.room = 0;
        store.put("a", "1");
        assertThat(fixture.hub.slowWatcherCount()).isZero();
        assertThat(fixture.hub.counts().pendingEvents()).isEqualTo(WATCHERS);

        sink.room = Integer.MAX_VALUE;
        stream.drain();
        List<Events> sent = sink.takeEvents();
        assertThat(sent).extracting(Events::watchId).containsExactlyInAnyOrderElementsOf(IDS);
        assertThat(sent).extracting(each -> TestSink.text(each.events())).containsOnly("+a@2");
        assertThat(fixture.hub.counts().pendingEvents()).isZero();
        assertThat(fixture.hub.counts().sentEvents()).isEqualTo(WATCHERS);
    }

    @Test
    void drainWhenTheSinkTakesAFewAtATimeGoesOnWhereItWas() {
        watchByAll();
        sink.room = 0;
        store.put("a", "1");
        store.put("a", "2");
        for (int i = 0; i < 2 * WATCHERS; i++) {
            sink.room = 1;
            stream.drain();
            assertThat(sink.sent).hasSize(i + 1);
        }

        List<Events> sent = sink.takeEvents();
        assertThat(sent.subList(0, WATCHERS))
                .extracting(each -> TestSink.text(each.events()))
                .containsOnly("+a@2");
        assertThat(sent.subList(WATCHERS, 2 * WATCHERS))
                .extracting(Events::watchId)
                .containsExactlyInAnyOrderElementsOf(IDS);
    }

    @Test
    void committedWhenTheStreamIsFullMakesAVictimOfEachAndLosesNothing() {
        watchByAll();
        sink.room = 0;
        for (int i = 0; i < 130; i++) {
            store.put("a", Integer.toString(i));
        }
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(WATCHERS);

        sink.room = Integer.MAX_VALUE;
        stream.drain();
        for (int i = 0; i < 100 && fixture.hub.slowWatcherCount() > 0; i++) {
            fixture.pass(Duration.ofMillis(100));
            fixture.work();
        }
        List<Events> sent = sink.takeEvents();
        for (long id : IDS) {
            assertThat(sent.stream().filter(each -> each.watchId() == id).flatMap(each -> each.events().stream()))
                    .isEqualTo(store.all());
        }
    }

    @Test
    void committedWhenTheEventsOfAllAreTooLargeTogetherMakesVictims() {
        WatchFixture small = new WatchFixture(WatchSettings.DEFAULTS.withBufferBytes(10_000));
        TestSink slow = small.open();
        IntStream.range(0, 10).forEach(i -> slow.stream.create(key("a").build()));
        slow.room = 0;
        small.store.put("a", "x".repeat(500));
        assertThat(small.hub.slowWatcherCount()).isZero();
        small.store.put("a", "x".repeat(500));
        assertThat(small.hub.slowWatcherCount()).isEqualTo(10);
    }

    @Test
    void committedWhenSomeWantOtherwiseSharesAmongTheRest() {
        stream.create(key("a").build());
        stream.create(key("a").noPut(true).build());
        stream.create(key("a").fragment(true).build());
        stream.create(key("a").previousRecord(true).build());
        stream.create(everything().build());
        TestSink other = fixture.open();
        other.stream.create(key("a").build());
        store.put("a", "1");
        store.put("a", "2");
        fixture.work();

        assertThat(sink.takeEvents())
                .extracting(sent -> sent.watchId() + TestSink.text(sent.events()))
                .containsExactlyInAnyOrder("0+a@2", "0+a@3", "2+a@2", "2+a@3", "3+a@2", "3+a@3", "4+a@2", "4+a@3");
        assertThat(other.takeEvents()).hasSize(2);
    }

    @Test
    void cancelWhenAMessageIsSharedAnswersBehindIt() {
        watchByAll();
        sink.room = 0;
        store.put("a", "1");
        stream.cancel(7);
        store.put("a", "2");
        sink.room = Integer.MAX_VALUE;
        stream.drain();

        List<WatchMessage> ofCancelled =
                sink.take().stream().filter(sent -> sent.watchId() == 7).toList();
        assertThat(ofCancelled)
                .extracting(sent -> (Object) sent.getClass())
                .containsExactly(Events.class, WatchMessage.Canceled.class);
    }

    @Test
    void closeWhenAMessageIsSharedForgetsIt() {
        watchByAll();
        sink.room = 0;
        store.put("a", "1");
        stream.close();
        sink.room = Integer.MAX_VALUE;
        stream.drain();
        assertThat(sink.take()).isEmpty();
        assertThat(fixture.hub.counts().pendingEvents()).isZero();
    }
}
