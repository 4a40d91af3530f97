package io.quorate.watch;

import static io.quorate.watch.WatchFixture.everything;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.watch.WatchMessage.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentTests {

    private final WatchFixture fixture = new WatchFixture(WatchSettings.DEFAULTS.withFragmentBytes(3000));
    private final TestSink sink = fixture.open();

    @Test
    void drainWhenTheBatchIsTooLargeSplitsItBetweenEvents() {
        sink.stream.create(everything().fragment(true).build());
        commitLarge();

        List<Events> events = sink.takeEvents();
        assertThat(events).extracting(sent -> sent.events().size()).containsExactly(2, 2, 1);
        assertThat(events).extracting(Events::fragment).containsExactly(true, true, false);
        assertThat(events).extracting(Events::revision).containsOnly(2L);
        assertThat(events.stream().flatMap(sent -> sent.events().stream()).toList())
                .isEqualTo(fixture.store.all());
    }

    @Test
    void drainWhenFragmentsAreNotAllowedSendsTheBatchWhole() {
        sink.stream.create(everything().build());
        commitLarge();
        assertThat(sink.takeEvents()).extracting(sent -> sent.events().size()).containsExactly(5);
    }

    @Test
    void drainWhenOneEventIsTooLargeSendsItAlone() {
        sink.stream.create(everything().fragment(true).build());
        fixture.store.commit(WatchHubTests.changes("a", "x", "b", "x".repeat(5000), "c", "x"));
        List<Events> events = sink.takeEvents();
        assertThat(events).extracting(sent -> TestSink.text(sent.events())).containsExactly("+a@2", "+b@2", "+c@2");
        assertThat(events).extracting(Events::fragment).containsExactly(true, true, false);
    }

    @Test
    void drainWhenTheSinkIsBusyBetweenFragmentsGoesOnWithTheNext() {
        sink.stream.create(everything().fragment(true).build());
        sink.room = 1;
        commitLarge();
        fixture.store.put("z", "1");
        assertThat(sink.takeEvents()).hasSize(1);
        sink.room = 10;
        sink.stream.drain();
        assertThat(sink.takeEvents())
                .extracting(sent -> TestSink.text(sent.events()))
                .containsExactly("+c@2 +d@2", "+e@2", "+z@3");
    }

    @Test
    void drainWhenTheBatchFitsLeavesItWhole() {
        sink.stream.create(everything().fragment(true).build());
        fixture.store.commit(WatchHubTests.changes("a", "x", "b", "x"));
        List<Events> events = sink.takeEvents();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().fragment()).isFalse();
    }

    private void commitLarge() {
        String large = "x".repeat(1200);
        fixture.store.commit(WatchHubTests.changes("a", large, "b", large, "c", large, "d", large, "e", large));
    }
}
