package io.quorate.apply;

import com.google.protobuf.ByteString;
import io.quorate.auth.AuthStore;
import io.quorate.base.Bytes;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.following.Following;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRecord;
import io.quorate.mvcc.CopiedChanges;
import io.quorate.mvcc.MvccException;
import io.quorate.mvcc.Revision;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.following.FollowBegin;
import io.quorate.proto.following.FollowLease;
import io.quorate.proto.following.FollowLeases;
import io.quorate.proto.following.FollowLoad;
import io.quorate.proto.following.FollowLoaded;
import io.quorate.proto.following.FollowPosition;
import io.quorate.proto.following.FollowRequest;
import io.quorate.proto.following.FollowResponse;
import io.quorate.proto.following.FollowState;
import io.quorate.proto.following.FollowState.Phase;
import io.quorate.proto.following.FollowUsers;
import io.quorate.raft.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lombok.RequiredArgsConstructor;

/**
 * Executes the steps of following an etcd (docs/adr/0009-follow-an-etcd.md). A step is checked as a whole before it changes anything. Used
 * by the {@code apply} thread.
 */
@RequiredArgsConstructor
public final class FollowSteps {

    /** What a lease is granted for, in seconds, if a record names one that the source has not told of: until the next list of leases. */
    private static final long UNTOLD_LEASE_SECONDS = 3600;

    private final Headers headers;
    private final Following following;
    private final LeaseManager leases;
    private final AuthStore auth;

    Following following() {
        return following;
    }

    Outcome apply(FollowRequest request, WriteBatch batch, Entry entry) {
        try {
            take(request, batch);
        } catch (RequestException | MvccException e) {
            return new Outcome.Refused(e);
        }
        return new Outcome.Done(FollowResponse.newBuilder()
                .setHeader(headers.of(batch.revision(), entry.term()))
                .setState(following.state())
                .build());
    }

    private void take(FollowRequest request, WriteBatch batch) {
        if (!request.hasBegin() && !following.isActive()) {
            throw refused(RequestError.NOT_FOLLOWING);
        }
        switch (request.getStepCase()) {
            case BEGIN -> begin(request.getBegin(), batch);
            case LOAD -> load(inStep(request).getLoad(), batch);
            case LOADED -> loaded(inStep(request).getLoaded(), batch);
            case RECORDS ->
                records(CopiedRecord.all(inStep(request).getRecords().getRecordsList()), batch);
            case LEASES -> leases(request.getLeases());
            case USERS -> users(request.getUsers());
            case COMPACTION -> compact(request.getCompaction().getRevision(), batch);
            case FINISH -> finish(inStep(request));
            case STEP_NOT_SET -> throw refused(RequestError.STEP_INVALID);
        }
    }

    /** Done again for the same source it changes nothing. */
    private void begin(FollowBegin begin, WriteBatch batch) {
        FollowState state = following.state();
        if (state.getPhase() != Phase.NONE) {
            boolean same = following.isActive() && state.getSourceClusterId() == begin.getSourceClusterId();
            if (!same) {
                throw refused(RequestError.FOLLOWS_ANOTHER);
            }
            return;
        }
        boolean empty = batch.revision() == 1
                && leases.leases().isEmpty()
                && auth.userNames().isEmpty()
                && auth.roleNames().isEmpty();
        if (!empty) {
            throw refused(RequestError.NOT_EMPTY);
        }
        batch.beginLoad().end();
        following.move(FollowState.newBuilder()
                .setPhase(Phase.LOADING)
                .setSourceClusterId(begin.getSourceClusterId())
                .setPosition(FollowPosition.getDefaultInstance())
                .build());
    }

    private void load(FollowLoad load, WriteBatch batch) {
        List<CopiedRecord> records = CopiedRecord.all(load.getRecordsList());
        FollowPosition last = following.state().getPosition();
        for (CopiedRecord each : records) {
            if (!Following.isBehind(each.position(), last)) {
                throw refused(RequestError.STEP_INVALID);
            }
            last = each.position();
        }
        long vanishedAt = load.getCompactRevision() - 1;
        long vanished = following.state().getVanished();
        long most = CopiedRecord.SUB_MAX - 1L - load.getVanishedCount();
        if (load.getVanishedList().stream().anyMatch(ByteString::isEmpty)) {
            throw refused(RequestError.STEP_INVALID);
        }
        if (load.getVanishedCount() > 0 && (vanishedAt < 1 || vanished > most)) {
            throw refused(RequestError.STEP_INVALID);
        }
        records.forEach(each -> grantUntold(each.lease()));
        CopiedChanges changes = batch.beginLoad();
        for (ByteString key : load.getVanishedList()) {
            changes.delete(
                    new Revision(vanishedAt, Math.toIntExact(CopiedRecord.SUB_MAX + vanished)),
                    Bytes.wrap(key.toByteArray()));
            vanished++;
        }
        records.forEach(each -> each.writeTo(changes));
        changes.end();
        following.move(following.state().toBuilder()
                .setPhase(Phase.LOADING)
                .setPosition(last)
                .setVanished(vanished)
                .build());
    }

    private void loaded(FollowLoaded loaded, WriteBatch batch) {
        long last = Math.max(following.state().getPosition().getRevision(), 1);
        long compacted = loaded.getCompactRevision();
        if (!batch.isLoading() || loaded.getRevision() != Math.max(last, compacted)) {
            throw refused(RequestError.STEP_INVALID);
        }
        batch.endLoad(loaded.getRevision());
        if (compacted > batch.compactedRevision() && compacted > 0) {
            batch.compact(compacted);
        }
        following.move(following.state().toBuilder()
                .setPhase(Phase.FOLLOWING)
                .setPosition(Following.whole(loaded.getRevision()))
                .setVanished(0)
                .build());
    }

    private void records(List<CopiedRecord> records, WriteBatch batch) {
        requireWhole(records, batch);
        records.forEach(each -> grantUntold(each.lease()));
        for (int next = 0; next < records.size(); ) {
            long main = records.get(next).revision().main();
            CopiedChanges revision = batch.beginCopy();
            while (next < records.size() && records.get(next).revision().main() == main) {
                records.get(next++).writeTo(revision);
            }
            revision.end();
        }
        following.move(following.state().toBuilder()
                .setPosition(Following.whole(batch.revision()))
                .build());
    }

    /** The revisions that come next, without a gap, and their changes from the first on. */
    private void requireWhole(List<CopiedRecord> records, WriteBatch batch) {
        if (following.state().getPhase() != Phase.FOLLOWING) {
            throw refused(RequestError.OUT_OF_STEP);
        }
        long main = batch.revision();
        int sub = 0;
        for (CopiedRecord each : records) {
            Revision revision = each.revision();
            boolean goesOn = sub > 0 && revision.main() == main && revision.sub() == sub;
            boolean begins = revision.main() == main + 1 && revision.sub() == 0;
            if (!goesOn && !begins) {
                throw refused(RequestError.STEP_INVALID);
            }
            main = revision.main();
            sub = revision.sub() + 1;
        }
        if (records.isEmpty()) {
            throw refused(RequestError.STEP_INVALID);
        }
    }

    private void grantUntold(long lease) {
        if (lease != 0 && leases.lookup(lease) == null) {
            leases.copy(new LeaseRecord(lease, UNTOLD_LEASE_SECONDS, 0));
        }
    }

    private void leases(FollowLeases list) {
        Set<Long> told = new HashSet<>();
        for (FollowLease each : list.getLeasesList()) {
            boolean fits = each.getID() != 0
                    && each.getID() >= list.getFirst()
                    && each.getID() <= list.getLast()
                    && each.getTTL() > 0
                    && each.getTTL() <= LeaseManager.TTL_MAX_SECONDS
                    && each.getRemaining() >= 0
                    && each.getRemaining() <= each.getTTL();
            if (!fits || !told.add(each.getID())) {
                throw refused(RequestError.STEP_INVALID);
            }
        }
        leases.leases().stream()
                .filter(id -> id >= list.getFirst() && id <= list.getLast() && !told.contains(id))
                .filter(id -> leases.keys(id).isEmpty()) // those with keys end with the deletion of these
                .sorted()
                .forEach(leases::revoke);
        list.getLeasesList()
                .forEach(each -> leases.copy(new LeaseRecord(each.getID(), each.getTTL(), each.getRemaining())));
    }

    private void users(FollowUsers users) {
        StoredUsers stored = StoredUsers.of(users);
        auth.replace(users.getEnabled(), users.getRevision(), stored::isInRange, stored.users(), stored.roles());
        if (users.getUpTo().isEmpty()) {
            following.move(following.state().toBuilder()
                    .setAuthRevision(users.getRevision())
                    .build());
        }
    }

    /** A compaction that is known already changes nothing. */
    private void compact(long revision, WriteBatch batch) {
        if (following.state().getPhase() != Phase.FOLLOWING) {
            throw refused(RequestError.OUT_OF_STEP);
        }
        if (revision > batch.compactedRevision()) {
            batch.compact(revision);
        }
    }

    private void finish(FollowRequest unused) {
        if (following.state().getPhase() != Phase.FOLLOWING) {
            throw refused(RequestError.OUT_OF_STEP);
        }
        leases.resume();
        following.move(following.state().toBuilder().setPhase(Phase.TAKEN_OVER).build());
    }

    private FollowRequest inStep(FollowRequest request) {
        if (!request.getAfter().equals(following.state().getPosition())) {
            throw refused(RequestError.OUT_OF_STEP);
        }
        return request;
    }

    private static RequestException refused(RequestError error) {
        return new RequestException(error);
    }

    /** The link of the chain: steps are done here, all else by the next. */
    record Link(FollowSteps steps, Applier next) implements Applier {

        @Override
        public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
            return request.hasFollow()
                    ? steps.apply(request.getFollow(), batch, entry)
                    : next.apply(request, batch, entry);
        }
    }
}
