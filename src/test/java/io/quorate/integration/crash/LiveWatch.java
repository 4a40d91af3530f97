package io.quorate.integration.crash;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.WatchSession;
import io.quorate.integration.ledger.Revisions;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A watch that is open while clients write and the member dies: what it was shown must still be true afterwards. */
final class LiveWatch implements AutoCloseable {

    private final WatchSession session;

    LiveWatch(GrpcConnection grpc, long startRevision) {
        session = WatchSession.open(grpc);
        WatchResponse created = session.createForAll(startRevision);
        if (!created.getCreated() || created.getCanceled()) {
            throw new AssertionError("Watch refused: " + created);
        }
    }

    /** Everything it was shown until its stream broke. */
    NavigableMap<Long, List<Event>> shown() {
        session.responses().end();
        NavigableMap<Long, List<Event>> events = new TreeMap<>();
        for (WatchResponse response = session.responses().next(Duration.ZERO);
                response != null;
                response = session.responses().next(Duration.ZERO)) {
            Revisions.append(events, response);
        }
        return events;
    }

    @Override
    public void close() {
        session.close();
    }
}
