package io.quorate.repair;

import io.quorate.base.Fault;
import io.quorate.config.ClusterSettings;
import io.quorate.config.IntegritySettings.Repair;
import io.quorate.config.MemberUrl;
import io.quorate.integrity.IntegrityMonitor.SelfRepair;
import io.quorate.membership.Membership;
import io.quorate.storage.Database;
import io.quorate.storage.StorageException.StorageCorruptException;
import io.quorate.storage.StorageSettings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Ends a member whose state is wrong: it must not serve. Where the settings want it, a note makes its next start rebuild the
 * state.
 */
@RequiredArgsConstructor
public final class StateRepair implements SelfRepair {

    private final Repair wanted;
    private final RepairNote note;
    private final Path database;
    private final ClusterSettings cluster;
    private volatile @Nullable Running running;

    /** The member that runs, whose members count instead of those of the settings. */
    private record Running(Membership membership, Consumer<Throwable> end) {}

    /**
     * Sets which members there are and what ends this one. Until then nothing runs that could be ended: the exception itself
     * ends the start. Once, at the end of the start.
     */
    public void connect(Membership membership, Consumer<Throwable> end) {
        Fault.check(running == null, "the repair is connected already");
        running = new Running(membership, end);
    }

    @Override
    public boolean begin(String reason) {
        if (!leaveNote(reason)) {
            return false;
        }
        end(new StorageCorruptException(database, reason, null));
        return true;
    }

    /** For a member that finds this out while it starts. */
    public StorageCorruptException refusal(String reason) {
        boolean unused = leaveNote(reason);
        return new StorageCorruptException(database, reason, null);
    }

    /** The database found damage in its files during some read; the member ends, with a note or without. */
    public void damaged(StorageCorruptException found) {
        boolean unused = leaveNote(String.valueOf(found.getMessage()));
        end(found);
    }

    private void end(StorageCorruptException found) {
        Running member = running;
        if (member != null) {
            member.end().accept(found);
        }
    }

    /**
     * Opens the database, whose damage, found now or later, ends the member. One that the note says is damaged is set aside, so that
     * an empty one takes its place.
     */
    public Database open(StorageSettings options) {
        if (note.exists()) {
            DamagedState.of(database).setAside();
        }
        try {
            return Database.open(database, options, this::damaged);
        } catch (StorageCorruptException found) {
            damaged(found);
            throw found;
        }
    }

    /** False if no other member could send the state, or the settings leave repair to the operator. */
    private boolean leaveNote(String reason) {
        List<String> others = peerUrls();
        if (wanted != Repair.AUTO || others.isEmpty()) {
            return false;
        }
        note.write(reason, others);
        return true;
    }

    private List<String> peerUrls() {
        Running member = running;
        Membership known = member == null ? null : member.membership();
        if (known == null || known.members().isEmpty()) {
            return cluster.initialCluster().members().values().stream()
                    .filter(urls -> !urls.equals(cluster.initialAdvertisePeerUrls()))
                    .flatMap(Collection::stream)
                    .map(MemberUrl::toString)
                    .toList();
        }
        return known.members().stream()
                .filter(each -> each.id() != known.localId())
                .flatMap(each -> each.peerUrls().stream())
                .toList();
    }
}
