package io.quorate.repair;

import io.quorate.config.ClusterSettings;
import io.quorate.config.IntegritySettings.Repair;
import io.quorate.config.MemberUrl;
import io.quorate.integrity.IntegrityMonitor.SelfRepair;
import io.quorate.membership.Membership;
import io.quorate.storage.StorageException.StorageCorruptException;
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
    private volatile @Nullable Membership membership;

    /** Until something runs that could be ended, the exception itself ends the start. */
    private volatile Consumer<Throwable> end = failure -> {};

    /** From now on these are the members, not those of the settings. */
    public void know(Membership members) {
        membership = members;
    }

    /** From now on this ends the member. */
    public void endBy(Consumer<Throwable> runLoop) {
        end = runLoop;
    }

    @Override
    public boolean begin(String reason) {
        if (!leaveNote(reason)) {
            return false;
        }
        end.accept(new StorageCorruptException(database, reason, null));
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
        end.accept(found);
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
        Membership known = membership;
        if (known == null || known.members().isEmpty()) {
            return cluster.initialCluster().members().values().stream()
                    .filter(urls -> !urls.equals(cluster.initialAdvertisePeerUrls()))
                    .flatMap(Collection::stream)
                    .map(MemberUrl::toString)
                    .toList();
        }
        return known.members().stream()
                .filter(member -> member.id() != known.localId())
                .flatMap(member -> member.peerUrls().stream())
                .toList();
    }
}
