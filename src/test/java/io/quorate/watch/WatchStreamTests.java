package io.quorate.watch;

import static io.quorate.watch.WatchFixture.everything;
import static io.quorate.watch.WatchFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.watch.WatchMessage.Canceled;
import io.quorate.watch.WatchMessage.Created;
import io.quorate.watch.WatchMessage.Events;
import io.quorate.watch.WatchMessage.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchStreamTests {

    private final WatchFixture fixture = new WatchFixture();
    private final TestStore store = fixture.store;
    private final TestSink sink = fixture.open();
    private final WatchStream stream = sink.stream;

    @Test
    void createWhenNoIdIsRequestedCountsFromZeroAndSkipsIdsInUse() {
        assertThat(stream.create(key("a").build())).isZero();
        assertThat(stream.create(key("a").requestedId(1).build())).isEqualTo(1);
        assertThat(stream.create(key("a").requestedId(3).build())).isEqualTo(3);
        assertThat(stream.create(key("a").build())).isEqualTo(2);
        assertThat(stream.create(key("a").build())).isEqualTo(4);
        stream.cancel(0);
        assertThat(stream.create(key("a").build())).isEqualTo(5);
    }

    @Test
    void createWhenTheIdIsInUseIsRefused() {
        stream.create(key("a").requestedId(7).build());
        sink.take();

        assertThat(stream.create(key("b").requestedId(7).build())).isEqualTo(-1);

        assertThat(sink.take()).containsExactly(new Refused(1, "mvcc: duplicate watch ID provided on the WatchStream"));
    }

    @Test
    void createWhenTheRangeIsEmptyIsRefusedAndTheStreamLivesOn() {
        store.put("a", "1");
        WatchSpec empty = WatchSpec.builder()
                .range(KeyRange.of(Bytes.utf8("b"), Bytes.utf8("a")))
                .build();

        assertThat(stream.create(empty)).isEqualTo(-1);
        assertThat(stream.create(key("a").build())).isZero();

        assertThat(sink.take()).containsExactly(new Refused(2, "mvcc: watcher range is empty"), new Created(0, 2));
    }

    @Test
    void createWhenTheStartRevisionIsNegativeIsRefused() {
        stream.create(key("a").startRevision(-1).build());

        assertThat(sink.take())
                .containsExactly(new Refused(1, "etcdserver: mvcc: required revision has been compacted"));
    }

    @Test
    void createWhenTheStartRevisionIsCompactedIsAnsweredAndThenCancelled() {
        putMany(10);
        store.compact(5);

        long id = stream.create(key("k").requestedId(7).startRevision(4).build());

        assertThat(sink.take()).containsExactly(new Created(7, 11), new Canceled(7, 0, 5));
        // The id stays taken until the client lets it go.
        assertThat(stream.create(key("k").requestedId(id).build())).isEqualTo(-1);
        assertThat(stream.create(key("k").requestedId(5).build())).isEqualTo(5);
        assertThat(stream.cancel(id)).isTrue();
        assertThat(fixture.hub.counts().watchers()).isEqualTo(1);
    }

    @Test
    void createWhenTheStartRevisionIsTheCompactedOneIsFine() {
        putMany(10);
        store.compact(5);

        stream.create(key("k").startRevision(5).build());
        fixture.work();

        List<WatchMessage> messages = sink.take();
        assertThat(messages.getFirst()).isEqualTo(new Created(0, 11));
        assertThat(((Events) messages.get(1)).events()).hasSize(7);
    }

    @Test
    void createWhenTheKeyIsEmptyMeansTheZeroByte() {
        assertThat(WatchSpec.range(Bytes.EMPTY, Bytes.wrap(new byte[] {0}))).isEqualTo(KeyRange.ALL);
        assertThat(WatchSpec.range(Bytes.EMPTY, Bytes.EMPTY)).isEqualTo(KeyRange.single(Bytes.wrap(new byte[] {0})));
    }

    @Test
    void createWhenNobodyWatchedBeforeStartsAfterTheRevisionOfTheAnswer() {
        putMany(3);
        stream.create(everything().build());
        store.put("x", "1");

        assertThat(sink.take())
                .containsExactly(
                        new Created(0, 4), new Events(0, 5, List.of(store.all().get(3)), false));
    }

    @Test
    void createWhenTheRevisionIsReportedButNotVisibleStartsAfterIt() {
        store.holdBack(true);
        store.put("a", "1");
        stream.create(everything().build());
        store.put("a", "2");

        assertThat(sink.take())
                .containsExactly(
                        new Created(0, 2), new Events(0, 3, List.of(store.all().get(1)), false));
    }

    @Test
    void cancelWhenTheIdIsKnownIsAnsweredAfterTheEventsBeforeItAndNothingFollows() {
        sink.room = 1;
        stream.create(key("a").build());
        store.put("a", "1");
        assertThat(stream.cancel(0)).isTrue();
        store.put("a", "2");
        sink.room = 10;
        stream.drain();

        assertThat(sink.take())
                .containsExactly(
                        new Created(0, 1),
                        new Events(0, 2, List.of(store.all().getFirst()), false),
                        new Canceled(0, 2, 0));
        assertThat(fixture.hub.counts().watchers()).isZero();
    }

    @Test
    void cancelWhenTheIdIsUnknownIsNotAnswered() {
        assertThat(stream.cancel(4)).isFalse();
        assertThat(sink.take()).isEmpty();
    }

    @Test
    void refuseWhenCalledByTheEdgeKeepsTheOrderOfAnswers() {
        sink.drainsItself = false;
        stream.create(key("a").build());
        stream.refuse("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
        stream.create(key("a").build());
        stream.drain();

        assertThat(sink.take())
                .containsExactly(
                        new Created(0, 1),
                        new Refused(1, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"),
                        new Created(1, 1));
    }

    @Test
    void acceptsRequestsWhenTooManyAnswersWaitIsFalseUntilDrained() {
        sink.room = 0;
        for (int i = 0; i < 15; i++) {
            stream.create(key("a").build());
            assertThat(stream.acceptsRequests()).isTrue();
        }
        stream.create(key("a").build());
        assertThat(stream.acceptsRequests()).isFalse();
        sink.room = 1;
        stream.drain();
        assertThat(stream.acceptsRequests()).isTrue();
    }

    @Test
    void scheduleWhenNotDrainedYetIsCalledOnce() {
        sink.drainsItself = false;
        stream.create(key("a").build());
        store.put("a", "1");
        store.put("a", "2");
        assertThat(sink.scheduled).isEqualTo(1);
        stream.drain();
        store.put("a", "3");
        assertThat(sink.scheduled).isEqualTo(2);
    }

    @Test
    void closeWhenMessagesWaitForgetsThemAndAllWatchers() {
        sink.room = 0;
        for (int i = 0; i < 1000; i++) {
            stream.create(key("a").fragment(true).build()); // shares no message with others
        }
        store.put("a", "1");
        assertThat(fixture.hub.counts().pendingEvents()).isEqualTo(1000);
        assertThat(fixture.hub.slowWatcherCount()).isEqualTo(1000 - 128);

        stream.close();
        stream.close();

        assertThat(fixture.hub.counts().pendingEvents()).isZero();
        assertThat(fixture.hub.slowWatcherCount()).isZero();
        assertThat(fixture.hub.counts().watchers()).isZero();
        assertThat(fixture.hub.counts().streams()).isZero();
        sink.room = 10;
        stream.drain();
        assertThat(stream.create(key("a").build())).isEqualTo(-1);
        assertThat(stream.requestProgress()).isFalse();
        assertThat(sink.take()).isEmpty();
    }

    private void putMany(int count) {
        for (int i = 0; i < count; i++) {
            store.put("k", Integer.toString(i));
        }
    }

    /** Room for so many bytes. */
    private static final class Room implements WatchMemory {

        private final WatchFixture fixture;
        private long free;

        Room(WatchFixture fixture, long free) {
            this.fixture = fixture;
            this.free = free;
        }

        @Override
        public boolean hold(long bytes) {
            assertThat(fixture.hub.isLockedByCaller()).isFalse();
            if (bytes > free) {
                return false;
            }
            free -= bytes;
            return true;
        }

        @Override
        public void release(long bytes) {
            assertThat(fixture.hub.isLockedByCaller()).isFalse();
            free += bytes;
        }
    }

    @Test
    void createWhenThereIsNoMemoryIsRefusedAndTheStreamLivesOn() {
        Room room = new Room(fixture, 2500);
        TestSink bounded = fixture.open(room);
        String longKey = "k".repeat(1000);

        assertThat(bounded.stream.create(key(longKey).build())).isEqualTo(-1);
        assertThat(bounded.stream.create(key("a").build())).isZero();
        assertThat(bounded.stream.create(key("b").build())).isEqualTo(1);

        assertThat(bounded.take())
                .containsExactly(new Refused(1, "etcdserver: too many requests"), new Created(0, 1), new Created(1, 1));
        store.put("a", "1");
        assertThat(bounded.takeEvents()).hasSize(1);
    }

    @Test
    void watchersWhenTheyEndGiveTheirMemoryBack() {
        Room room = new Room(fixture, 100_000);
        TestSink bounded = fixture.open(room);
        long first = bounded.stream.create(key("a").build());
        for (int i = 0; i < 50; i++) {
            bounded.stream.create(key("key" + i).build());
        }
        bounded.stream.create(key("a").requestedId(1).build()); // in use
        bounded.stream.create(key("a").startRevision(-1).build());
        long held = 100_000 - room.free;
        assertThat(held).isGreaterThan(51 * 500);

        bounded.stream.cancel(first);
        bounded.stream.cancel(first);
        assertThat(room.free).isGreaterThan(100_000 - held);
        bounded.stream.close();
        bounded.stream.close();
        assertThat(room.free).isEqualTo(100_000);
        assertThat(bounded.stream.create(key("a").build())).isEqualTo(-1);
        assertThat(room.free).isEqualTo(100_000);
    }
}
