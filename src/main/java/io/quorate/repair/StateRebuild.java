package io.quorate.repair;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.base.ShutdownInterrupt;
import io.quorate.config.ClusterSettings;
import io.quorate.config.MemberUrl;
import io.quorate.membership.MembershipException.MemberRemovedException;
import io.quorate.membership.Versions;
import io.quorate.node.Bootstrap;
import io.quorate.node.SnapshotArrivals;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.MembersCall;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerSettings;
import io.quorate.node.transport.SnapshotFetch;
import io.quorate.node.transport.SnapshotSink;
import io.quorate.proto.Member;
import io.quorate.proto.MemberListResponse;
import io.quorate.proto.Metadata;
import io.quorate.raft.Snapshot;
import io.quorate.server.SnapshotRequests;
import io.quorate.storage.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/**
 * Gets a member whose state is lost, but not its log, the state of the leader: before consensus runs, so that nothing is
 * applied to a state that is not there. Term, vote and log stay, with all that the member has promised; so it keeps its
 * membership. Until it is through, it is to the others as if it were down.
 */
@Slf4j
@RequiredArgsConstructor
public final class StateRebuild {

    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);

    private final RepairNote note;
    private final Metadata identity;
    private final ClusterSettings cluster;
    private final PeerSettings options;
    private final SnapshotDirectories folders;
    private volatile boolean done;

    /** Whether this start has rebuilt the state. */
    public boolean isDone() {
        return done;
    }

    /** Does it if the note says so; the database is empty then. */
    public void run(Bootstrap bootstrap, Database database) {
        if (!note.exists()) {
            return;
        }
        log.warn("this member rebuilds its state from the leader's: {}", note.reason());
        AtomicReference<Snapshot> fetched = new AtomicReference<>();
        if (!ShutdownInterrupt.run(() -> fetched.set(fetch(bootstrap)))) {
            throw new Fault("the process ends before the state is rebuilt");
        }
        Snapshot state = fetched.get();
        Path folder = folders.find(state.term(), state.index())
                .orElseThrow(() -> new Fault("the state at index " + state.index() + " has gone"));
        database.replaceWith(folder);
        DamagedState.of(database.directory()).discard();
        note.remove();
        done = true;
        log.info("the state is that of the leader at index {}", state.index());
    }

    private Snapshot fetch(Bootstrap bootstrap) throws InterruptedException {
        SnapshotSink receiver = new SnapshotArrivals(folders, announcement -> true);
        PeerIdentity self = new PeerIdentity(identity.getClusterID(), identity.getNodeID(), Versions.SERVER);
        try (SnapshotFetch fetch = new SnapshotFetch(self, members(), SnapshotRequests.METHOD, receiver, options)) {
            for (MemberUrl url : cluster.listenPeerUrls()) {
                fetch.listen(new PeerAddress(
                        url.host(),
                        url.port(),
                        url.scheme().isTls(),
                        url.scheme().isSocketFile()));
            }
            Snapshot state = fetch.await(candidate -> fits(bootstrap, candidate));
            if (state == null) {
                throw new MemberRemovedException(identity.getNodeID());
            }
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private boolean fits(Bootstrap bootstrap, Snapshot candidate) {
        boolean fits = bootstrap.accept(candidate);
        if (!fits) {
            log.info("the snapshot at index {} does not match the log; asking for a later one", candidate.index());
            folders.purge(candidate.index());
        }
        return fits;
    }

    /** The current members, from the first peer that answers. */
    private Map<Long, List<PeerAddress>> members() throws InterruptedException {
        List<PeerAddress> others = note.peerUrls().stream().map(PeerAddress::of).toList();
        while (!Thread.interrupted()) {
            try {
                MembersCall.Answer answer = MembersCall.ask(others, options, ASK_TIMEOUT);
                Map<Long, List<PeerAddress>> members = new HashMap<>();
                for (Member member :
                        MemberListResponse.parseFrom(answer.members()).getMembersList()) {
                    members.put(
                            member.getID(),
                            member.getPeerURLsList().stream()
                                    .map(PeerAddress::of)
                                    .toList());
                }
                return members;
            } catch (TimeoutException e) {
                log.warn("none of {} told the members of the cluster; asking again", others);
            } catch (InvalidProtocolBufferException e) {
                throw new Fault("the list of members cannot be read", e);
            }
        }
        throw new InterruptedException();
    }
}
