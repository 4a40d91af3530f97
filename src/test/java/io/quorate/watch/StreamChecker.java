package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks every message of one stream against the whole history of the store and the requests made. */
final class StreamChecker {

    private final TestStore store;
    private final WatchSettings settings;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();
    private final Map<Long, Expected> watchers = new HashMap<>();
    private final Map<Long, Boolean> ids = new HashMap<>();

    StreamChecker(TestStore store, WatchSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    void creating(WatchSpec spec, long id) {
        answers.add(new Answer(id, spec));
        if (id >= 0) {
            ids.put(id, true);
        }
    }

    void cancelling(long id) {
        answers.add(new Answer(id, null));
        ids.remove(id);
    }

    boolean usesId(long id) {
        return ids.containsKey(id);
    }

    List<Long> ids() {
        return List.copyOf(ids.keySet());
    }

    void receive(WatchMessage message) {
        switch (message) {
            case WatchMessage.Created created -> created(created);
            case WatchMessage.Refused refused -> {
                Answer answer = answers.remove();
                assertThat(answer.spec).isNotNull();
                assertThat(answer.id).isEqualTo(-1);
                assertThat(refused.reason()).isNotEmpty();
            }
            case WatchMessage.Canceled canceled -> canceled(canceled);
            case WatchMessage.Events events -> expected(events.watchId()).receive(events);
            case WatchMessage.Progress progress -> {
                if (progress.watchId() == WatchMessage.NO_WATCHER) {
                    assertThat(watchers).isNotEmpty();
                    watchers.values().forEach(watcher -> watcher.progress(progress.revision()));
                } else {
                    expected(progress.watchId()).progress(progress.revision());
                }
            }
        }
    }

    /** Everything has settled: nothing may be missing. */
    void end() {
        assertThat(answers).isEmpty();
        watchers.values().forEach(watcher -> assertThat(watcher.peek()).isNull());
    }

    private void created(WatchMessage.Created created) {
        Answer answer = answers.remove();
        WatchSpec spec = answer.spec;
        assertThat(spec).as("answer to a creation").isNotNull();
        assertThat(created.watchId()).isEqualTo(answer.id);
        assertThat(watchers).doesNotContainKey(created.watchId());
        if (spec != null) {
            watchers.put(created.watchId(), new Expected(spec, created.revision()));
        }
    }

    private void canceled(WatchMessage.Canceled canceled) {
        if (canceled.compactRevision() == 0) {
            Answer answer = answers.remove();
            assertThat(answer.spec).as("answer to a cancellation").isNull();
            assertThat(canceled.watchId()).isEqualTo(answer.id);
            watchers.remove(canceled.watchId());
            return;
        }
        Expected watcher = watchers.remove(canceled.watchId());
        assertThat(watcher).isNotNull();
        assertThat(canceled.revision()).isZero();
        assertThat(canceled.compactRevision()).isLessThanOrEqualTo(store.compactedRevision());
        if (watcher != null) {
            assertThat(watcher.floor).isLessThan(canceled.compactRevision());
        }
    }

    private Expected expected(long id) {
        Expected watcher = watchers.get(id);
        assertThat(watcher).as("watcher %d is known and not cancelled", id).isNotNull();
        if (watcher == null) {
            throw new AssertionError();
        }
        return watcher;
    }

    private record Answer(long id, @Nullable WatchSpec spec) {}

    /** What one watcher has to receive. */
    private final class Expected {

        private final WatchSpec spec;
        private final long first;
        private int position;

        /** Everything up to here was received, or promised not to come. */
        private long floor;

        Expected(WatchSpec spec, long createdAt) {
            this.spec = spec;
            this.first = spec.startRevision() == 0 ? createdAt + 1 : spec.startRevision();
            this.floor = first - 1;
        }

        void receive(WatchMessage.Events message) {
            assertThat(message.events()).isNotEmpty();
            HashSet<Long> revisions = new HashSet<>();
            List<Event> bare = new ArrayList<>();
            for (Event event : message.events()) {
                Event next = peek();
                position++;
                bare.add(event.toBuilder().clearPrevKv().build());
                assertThat(bare.getLast()).isEqualTo(next);
                long revision = event.getKv().getModRevision();
                assertThat(revision).isGreaterThan(floor);
                revisions.add(revision);
                checkPrevious(event);
            }
            long last = message.events().getLast().getKv().getModRevision();
            assertThat(message.revision()).isGreaterThanOrEqualTo(last);
            assertThat(revisions.size()).isLessThanOrEqualTo(settings.catchUpRevisions());
            Event following = peek();
            if (message.fragment()) {
                assertThat(spec.fragment()).isTrue();
                assertThat(following).isNotNull();
            } else {
                floor = last;
                assertThat(following == null || following.getKv().getModRevision() > last)
                        .as("all events of revision %d come together", last)
                        .isTrue();
            }
        }

        void progress(long revision) {
            assertThat(revision).isGreaterThanOrEqualTo(spec.startRevision());
            Event next = peek();
            assertThat(next == null || next.getKv().getModRevision() > revision)
                    .as("progress %d came before %s", revision, next)
                    .isTrue();
            floor = Math.max(floor, revision);
        }

        /** The next event that has to come; null if there is none yet. */
        @Nullable
        Event peek() {
            List<Event> all = store.all();
            for (; position < all.size(); position++) {
                Event event = all.get(position);
                boolean wanted = event.getType() == Event.EventType.DELETE ? !spec.noDelete() : !spec.noPut();
                if (wanted
                        && event.getKv().getModRevision() >= first
                        && spec.range().contains(keyOf(event))) {
                    return event;
                }
            }
            return null;
        }

        private void checkPrevious(Event event) {
            KeyValue kv = event.getKv();
            if (event.hasPrevKv()) {
                assertThat(spec.previousRecord()).isTrue();
                assertThat(event.getPrevKv()).isEqualTo(store.recordEver(keyOf(event), kv.getModRevision() - 1));
            } else if (spec.previousRecord() && kv.getModRevision() - 1 >= store.compactedRevision()) {
                assertThat(store.recordEver(keyOf(event), kv.getModRevision() - 1))
                        .isNull();
            }
        }

        private static Bytes keyOf(Event event) {
            return Bytes.wrap(event.getKv().getKey().toByteArray());
        }
    }
}
