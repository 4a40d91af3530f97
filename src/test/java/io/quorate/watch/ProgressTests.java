package io.quorate.watch;

import static io.quorate.watch.WatchFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.watch.WatchMessage.Events;
import io.quorate.watch.WatchMessage.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTests {

    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final WatchFixture fixture = new WatchFixture();
    private final TestStore store = fixture.store;
    private final TestSink sink = fixture.open();
    private final WatchStream stream = sink.stream;

    @Test
    void requestProgressWhenAllAreSyncedIsAnsweredForTheStreamAfterTheEvents() {
        sink.drainsItself = false;
        stream.create(key("a").build());
        stream.create(key("b").build());
        store.put("a", "1");
        store.put("x", "1");
        assertThat(stream.requestProgress()).isTrue();
        stream.drain();

        List<WatchMessage> messages = sink.take();
        assertThat(messages).hasSize(4);
        assertThat(messages.get(2)).isInstanceOf(Events.class);
        assertThat(messages.get(3)).isEqualTo(new Progress(-1, 3));
    }

    @Test
    void requestProgressWhenThereIsNoWatcherIsNotAnswered() {
        assertThat(stream.requestProgress()).isFalse();
        stream.create(key("a").build());
        stream.cancel(0);
        assertThat(stream.requestProgress()).isFalse();
    }

    @Test
    void requestProgressWhenOneIsUnsyncedIsNotAnswered() {
        store.put("a", "1");
        stream.create(key("b").build());
        stream.create(key("a").startRevision(1).build());
        assertThat(stream.requestProgress()).isFalse();
        fixture.work();
        assertThat(stream.requestProgress()).isTrue();
    }

    @Test
    void requestProgressWhenOneHasNotReachedItsStartRevisionIsNotAnswered() {
        stream.create(key("a").startRevision(3).build());
        store.put("x", "1");
        assertThat(stream.requestProgress()).isFalse();
        store.put("x", "2");
        assertThat(stream.requestProgress()).isTrue();
    }

    @Test
    void requestProgressWhenOneIsAVictimIsNotAnswered() {
        sink.room = 1;
        stream.create(key("a").build());
        for (int i = 0; i < 129; i++) {
            store.put("a", "1");
        }
        assertThat(stream.requestProgress()).isFalse();
    }

    @Test
    void requestProgressWhenOnlyOtherStreamsAreBehindIsAnswered() {
        store.put("a", "1");
        stream.create(key("b").build());
        fixture.open().stream.create(key("a").startRevision(1).build());
        assertThat(stream.requestProgress()).isTrue();
    }

    @Test
    void doWorkWhenTheIntervalIsOverReportsToQuietWatchersThatAskedForIt() {
        stream.create(key("a").progressNotify(true).build());
        stream.create(key("b").progressNotify(true).build());
        stream.create(key("c").build());
        stream.create(key("d").progressNotify(true).startRevision(100).build());
        store.put("a", "1");
        fixture.work();
        sink.take();

        fixture.pass(INTERVAL.minusNanos(1));
        fixture.work();
        assertThat(sink.take()).isEmpty();
        fixture.pass(INTERVAL.dividedBy(10).plusNanos(1));
        fixture.work();
        assertThat(sink.take()).containsExactly(new Progress(1, 2));

        fixture.pass(INTERVAL.dividedBy(10).plus(INTERVAL));
        fixture.work();
        assertThat(sink.take()).containsExactlyInAnyOrder(new Progress(0, 2), new Progress(1, 2));
    }

    @Test
    void doWorkWhenStreamsOpenTogetherReportsAtDifferentTimes() {
        for (int i = 0; i < 20; i++) {
            TestSink other = fixture.open();
            other.stream.create(key("a").progressNotify(true).build());
            other.take();
        }
        long first = fixture.hub.doWork();
        assertThat(first).isBetween(INTERVAL.toNanos(), INTERVAL.toNanos() * 11 / 10);
        fixture.nanos += first;
        long second = fixture.hub.doWork();
        assertThat(second).isBetween(1L, INTERVAL.toNanos() / 10);
    }

    @Test
    void createWhenTheFirstReportComesEarlierThanAnythingElseWakesTheThread() {
        assertThat(fixture.hub.doWork()).isEqualTo(Long.MAX_VALUE);
        stream.create(key("a").progressNotify(true).build());
        assertThat(fixture.wakeUps).isEqualTo(1);
        stream.create(key("a").progressNotify(true).build());
        assertThat(fixture.wakeUps).isEqualTo(1);
    }

    @Test
    void doWorkWhenTheStreamClosedReportsNoMore() {
        stream.create(key("a").progressNotify(true).build());
        stream.close();
        assertThat(fixture.hub.doWork()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void settingsWhenTheIntervalIsBelowTheMinimumAreRefused() {
        assertThatThrownBy(() -> WatchSettings.DEFAULTS.withProgressInterval(Duration.ofMillis(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("progressInterval");
    }
}
