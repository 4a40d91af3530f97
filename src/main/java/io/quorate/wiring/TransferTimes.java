package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import io.quorate.node.transport.SnapshotSink;
import io.quorate.ops.MemberDurations;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import io.quorate.server.SnapshotSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import lombok.RequiredArgsConstructor;

/** Measures the copies of states and their way from member to member. */
@RequiredArgsConstructor
final class TransferTimes {

    private final MemberDurations durations;
    private final MonotonicClock clock;

    Function<Path, Snapshot> copying(Function<Path, Snapshot> copier) {
        return folder -> {
            long started = clock.nanos();
            Snapshot copy = copier.apply(folder);
            durations.snapshotSent().accept(clock.nanos() - started);
            return copy;
        };
    }

    SnapshotSender.Shipper shipping(SnapshotSender.Shipper shipper) {
        return (announcement, files) -> {
            long started = clock.nanos();
            return shipper.ship(announcement, files)
                    .thenAccept(done -> durations.stateSend(announcement.to()).accept(clock.nanos() - started));
        };
    }

    SnapshotSink receiving(SnapshotSink receiver) {
        return new Receiving(receiver, new ConcurrentHashMap<>());
    }

    /** Also counts the time in which a transfer waited for another connection. */
    private final class Receiving implements SnapshotSink {

        private final SnapshotSink receiver;
        private final Map<Path, Long> begun;

        Receiving(SnapshotSink receiver, Map<Path, Long> begun) {
            this.receiver = receiver;
            this.begun = begun;
        }

        @Override
        public Path newFolder() {
            Path folder = receiver.newFolder();
            begun.put(folder, clock.nanos());
            return folder;
        }

        @Override
        public void arrived(Message announcement, Path folder) throws IOException {
            receiver.arrived(announcement, folder);
            Long started = begun.remove(folder);
            if (started != null) {
                long nanos = clock.nanos() - started;
                durations.receivedStateSave().accept(nanos);
                durations.stateReceive(announcement.from()).accept(nanos);
            }
        }

        @Override
        public void synced(long nanos) {
            durations.receivedStateFsync().accept(nanos);
        }

        @Override
        public void discard(Path folder) {
            begun.remove(folder);
            receiver.discard(folder);
        }
    }
}
