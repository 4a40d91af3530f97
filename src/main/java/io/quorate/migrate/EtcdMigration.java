package io.quorate.migrate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.backup.MemberDirectory;
import io.quorate.base.FileFailure;
import io.quorate.bbolt.BboltException;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Disk;
import io.quorate.node.wal.EtcdLog;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.Metadata;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Snapshot;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directory of a member from that of a stopped etcd. Ids, term, vote and log stay, so members that are all migrated come up as
 * the same cluster. The new log begins where the database of the old one stood; committed entries behind that are applied at the first
 * start, and what was not committed stays what it was. {@link MemberDirectory} makes it: a crash leaves no member or a whole one. Used by one thread.
 */
public final class EtcdMigration {

    private static final String MEMBER = "member";

    private final EtcdDirectory source;
    private final Path target;
    private final @Nullable Path separateLog;

    /**
     * @param target data directory of the new member; missing or empty, but for what an earlier try left
     * @param separateLog directory of its log; null for the one below the data directory
     */
    public EtcdMigration(EtcdDirectory source, Path target, @Nullable Path separateLog) {
        this.source = source;
        this.target = target;
        this.separateLog = separateLog;
    }

    /**
     * What was migrated.
     *
     * @param identity the member and its cluster
     * @param revision of the state
     * @param applied the last entry that the state contains
     * @param hardState term, vote and commit
     * @param last the last entry of the log
     * @param tailCut whether the old log ended in a write that was cut short
     * @param sealed whether the state has the alarm that a hand-over to another cluster raises, so that it refuses writes
     */
    public record Result(
            Metadata identity,
            long revision,
            long applied,
            HardState hardState,
            long last,
            boolean tailCut,
            boolean sealed) {}

    /** What was read of the old log. */
    private record Origin(EtcdLog log, Snapshot base) {

        /** The term of an entry. */
        long termOf(long index) {
            if (index == base.index()) {
                return base.term();
            }
            long behind = index - base.index();
            if (behind < 0 || behind > log.entries().size()) {
                throw new MigrationException("The database has reached entry " + index + ", but the log has entries "
                        + (base.index() + 1) + " to "
                        + (base.index() + log.entries().size())
                        + ": they do not belong together.");
            }
            return log.entries().get((int) behind - 1).term();
        }
    }

    /**
     * Reads the old directory and writes the new one; durable on return.
     *
     * @throws MigrationException if the old one cannot be taken over, or the new one is in use
     * @throws io.quorate.node.wal.WalCorruptException if the old log is damaged
     */
    public Result run() {
        source.check();
        if (Files.exists(target.resolve(MEMBER))) {
            throw new MigrationException(target + " holds a member already. Name a directory that is empty.");
        }
        List<WalSnapshot> notes = EtcdLog.snapshots(source.log(), Disk.system());
        Snapshot base =
                SnapshotFiles.newestIn(source.snapshots(), Disk.system(), notes).orElse(Snapshot.EMPTY);
        try (EtcdState state = openState(base)) {
            WalSnapshot from = new WalSnapshot(base.index(), base.term(), base.confState());
            EtcdLog log = EtcdLog.read(source.log(), from, Disk.system());
            return write(state, new Origin(log, base));
        } catch (BboltException damaged) {
            throw new MigrationException(
                    "The database " + source.database() + " is damaged " + damaged.getMessage() + ".", damaged);
        } catch (IOException e) {
            throw new MigrationException("The migration failed: " + FileFailure.describe(e), e);
        }
    }

    /** The database, or that which came with the newest snapshot if the member ended before it took its place. */
    private EtcdState openState(Snapshot base) throws IOException {
        EtcdState state = EtcdState.open(source.database());
        if (state.applied() >= base.index()) {
            return state;
        }
        long applied = state.applied();
        state.close();
        Path received = source.received(base.index());
        if (Files.notExists(received)) {
            throw new MigrationException("The database has reached entry " + applied
                    + ", but the log begins behind entry " + base.index() + ", and " + received + " is missing.");
        }
        return EtcdState.open(received);
    }

    private Result write(EtcdState state, Origin origin) throws IOException {
        long applied = state.applied();
        if (applied == 0) {
            throw new MigrationException(source.data() + " holds nothing yet: its etcd has applied no entry.");
        }
        List<Entry> entries = origin.log().entries();
        long term = origin.termOf(applied);
        ConfState stored = state.confState();
        ConfState confState = stored == null ? ConfReplay.at(origin.base().confState(), entries, applied) : stored;
        List<Entry> tail = entries.stream()
                .filter(entry -> entry.index() > applied)
                .map(EntryTranslation::translate)
                .toList();
        HardState hardState = reached(origin.log().state(), applied, term);
        Metadata identity = identityOf(origin.log());
        Snapshot begin = new Snapshot(applied, term, confState, new byte[0]);
        Map<Long, Member> announced = announced(entries);
        long[] revision = {0};
        new MemberDirectory(target, separateLog)
                .create(
                        new MemberDirectory.Log(identity, begin, hardState, tail),
                        database -> revision[0] = state.writeTo(database, term, confState, announced));
        long last = tail.isEmpty() ? applied : tail.getLast().index();
        return new Result(
                identity,
                revision[0],
                applied,
                hardState,
                last,
                origin.log().tailCut(),
                EtcdSeal.isIn(state.corruptMembers(), tail));
    }

    /** What the database contains is committed, even where the newest commit index did not come to disk. */
    private static HardState reached(HardState found, long applied, long term) {
        long commit = Math.max(found.commit(), applied);
        return term > found.term() ? new HardState(term, 0, commit) : new HardState(found.term(), found.vote(), commit);
    }

    private static Metadata identityOf(EtcdLog log) {
        try {
            return Metadata.parseFrom(log.metadata());
        } catch (InvalidProtocolBufferException e) {
            throw new MigrationException("The log does not say whose it is.", e);
        }
    }

    /** A database may lag behind the log, so that only the log names a member. */
    private static Map<Long, Member> announced(List<Entry> entries) {
        Map<Long, Member> members = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.type() != EntryType.NORMAL) {
                ConfChange change = ConfChangeCodec.decode(entry);
                if (change.context().length > 0 && !MemberJson.isPromotion(change.context())) {
                    Member member = MemberJson.decode(change.context());
                    members.putIfAbsent(member.id(), member);
                }
            }
        }
        return members;
    }
}
