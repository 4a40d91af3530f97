package io.quorate.watch;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three revisions are kept, or the bytes of two. */
class RecentRevisionsTests {

    private static final long EVENT_BYTES = event(2).getSerializedSize();

    private final RecentRevisions recent = new RecentRevisions(3, 2 * EVENT_BYTES);
    private final RecentRevisions roomy = new RecentRevisions(3, 100 * EVENT_BYTES);

    private static Event event(long revision) {
        return Event.newBuilder()
                .setKv(KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .setValue(ByteString.copyFrom(new byte[50]))
                        .setModRevision(revision))
                .build();
    }

    private static void add(RecentRevisions to, long first, long last) {
        for (long revision = first; revision <= last; revision++) {
            to.add(revision, List.of(event(revision)));
        }
    }

    private static List<Long> wanted(RecentRevisions from, long lowest) {
        Watcher watcher = new Watcher(
                untouched(), 1, WatchSpec.builder().range(KeyRange.ALL).build());
        watcher.minRevision = lowest;
        return from.wantedBy(watcher).stream()
                .map(event -> event.getKv().getModRevision())
                .toList();
    }

    @Test
    void addWhenThereAreMoreThanItKeepsForgetsTheOldest() {
        add(roomy, 2, 6);
        assertThat(roomy.covers(4, 6)).isTrue();
        assertThat(roomy.covers(3, 6)).isFalse();
        assertThat(roomy.covers(4, 7)).isFalse();
        assertThat(wanted(roomy, 5)).containsExactly(5L, 6L);
    }

    @Test
    void addWhenTheBytesAreUsedUpForgetsTheOldest() {
        add(recent, 2, 3);
        assertThat(recent.covers(2, 3)).isTrue();
        add(recent, 4, 9);
        assertThat(recent.covers(8, 9)).isTrue();
        assertThat(recent.covers(7, 9)).isFalse();
    }

    @Test
    void addWhenOneIsLargerThanAllMayBeKeepsThatOne() {
        Event large = Event.newBuilder()
                .setKv(KeyValue.newBuilder().setValue(ByteString.copyFrom(new byte[10_000])))
                .build();
        recent.add(2, List.of(large));
        assertThat(recent.covers(2, 2)).isTrue();
        add(recent, 3, 4);
        assertThat(recent.covers(3, 4)).as("room for two again").isTrue();
        assertThat(recent.covers(2, 4)).isFalse();
    }

    /** Whoever catches up from here would miss what lies between. */
    @Test
    void addWhenARevisionIsMissingForgetsWhatWasThere() {
        add(roomy, 2, 3);
        add(roomy, 5, 5);
        assertThat(roomy.covers(2, 5)).isFalse();
        assertThat(wanted(roomy, 1)).containsExactly(5L);
    }

    @Test
    void clearForgetsAllAndItsBytes() {
        add(recent, 2, 3);
        recent.clear();
        assertThat(recent.covers(2, 3)).isFalse();
        add(recent, 4, 5);
        assertThat(recent.covers(4, 5)).isTrue();
    }
}
