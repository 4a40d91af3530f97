package io.quorate.membership;

import io.quorate.base.RequestError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The cluster as this member has applied it. */
public final class Membership {

    private final long clusterId;
    private final long localId;
    private final MemberRepository repository;
    private final ClusterVersionStore versions;
    private final RemovedMembers removedMembers;
    private final Map<Long, Member> members = new ConcurrentSkipListMap<>(Long::compareUnsigned);
    private final Set<Long> removed = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable String clusterVersion;
    private volatile @Nullable String downgradeTarget;
    private volatile int restorations;

    /** Where the cluster's version is kept, and the one it is taken back to. */
    public interface ClusterVersionStore {

        /** The stored version; null before the first. */
        @Nullable
        String load();

        /** Stores it, as part of the entry that is being applied. */
        void save(String version);

        /** The stored target of a downgrade; null while there is none. */
        @Nullable
        String loadTarget();

        /** Stores the target, or that there is none, as part of the entry that is being applied. */
        void saveTarget(@Nullable String version);
    }

    /** Restores what the database holds. */
    public Membership(
            long clusterId,
            long localId,
            MemberRepository repository,
            ClusterVersionStore versions,
            RemovedMembers removedMembers) {
        this.clusterId = clusterId;
        this.localId = localId;
        this.repository = repository;
        this.versions = versions;
        this.removedMembers = removedMembers;
        restore();
    }

    /** Forgets everything and reads the database again, after a snapshot was installed; called by the apply thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void restore() {
        Map<Long, Member> stored = new ConcurrentHashMap<>();
        repository.findAll().forEach(member -> stored.put(member.id(), member));
        members.keySet().retainAll(stored.keySet());
        members.putAll(stored);
        removed.addAll(removedMembers.load());
        clusterVersion = versions.load();
        downgradeTarget = versions.loadTarget();
        restorations++;
        changed();
    }

    /** How often a snapshot has taken the place of what was known. */
    public int restorations() {
        return restorations;
    }

    /** Adds a listener that runs after each change of a member; called by the apply thread, must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public long clusterId() {
        return clusterId;
    }

    /** The id of the member that this process is. */
    public long localId() {
        return localId;
    }

    /** All members, by ascending id. */
    public List<Member> members() {
        return new ArrayList<>(members.values());
    }

    /** A member by id, or null. */
    public @Nullable Member member(long id) {
        return members.get(id);
    }

    /** Whether the id was a member's once and never will be again. */
    public boolean isRemoved(long id) {
        return removed.contains(id);
    }

    /** The version that all members understand; null while it is not decided. */
    public @Nullable String clusterVersion() {
        return clusterVersion;
    }

    /**
     * What speaks against adding a member.
     *
     * @param learnersMax how many learners there may be, this one included
     * @return null if nothing does
     */
    public @Nullable RequestError refusalToAdd(Member member, int learnersMax) {
        if (members.containsKey(member.id()) || removed.contains(member.id())) {
            return removed.contains(member.id()) ? RequestError.MEMBER_NOT_FOUND : RequestError.MEMBER_EXISTS;
        }
        if (isTaken(member.peerUrls(), member.id())) {
            return RequestError.PEER_URL_EXISTS;
        }
        long learners = members.values().stream().filter(Member::isLearner).count();
        return member.isLearner() && learners >= learnersMax ? RequestError.TOO_MANY_LEARNERS : null;
    }

    /** What speaks against making a learner a voter; null if nothing does. */
    public @Nullable RequestError refusalToPromote(long id) {
        Member member = members.get(id);
        if (member == null) {
            return RequestError.MEMBER_NOT_FOUND;
        }
        return member.isLearner() ? null : RequestError.MEMBER_NOT_LEARNER;
    }

    /** What speaks against other peer URLs for a member; null if nothing does. */
    public @Nullable RequestError refusalToUpdate(long id, List<String> peerUrls) {
        if (!members.containsKey(id)) {
            return RequestError.MEMBER_NOT_FOUND;
        }
        return isTaken(peerUrls, id) ? RequestError.PEER_URL_EXISTS : null;
    }

    /** What speaks against removing a member; null if nothing does. */
    public @Nullable RequestError refusalToRemove(long id) {
        return members.containsKey(id) ? null : RequestError.MEMBER_NOT_FOUND;
    }

    private boolean isTaken(List<String> urls, long exceptBy) {
        Set<String> wanted = new HashSet<>(urls);
        return members.values().stream()
                .filter(member -> member.id() != exceptBy)
                .anyMatch(member -> !Collections.disjoint(wanted, member.peerUrls()));
    }

    /** Adds a member or replaces what is known about it. */
    public void put(Member member) {
        members.put(member.id(), repository.save(member));
        changed();
    }

    /** A member that has started tells its name and client URLs; one that is gone is ignored. */
    public void updateAttributes(long id, String name, List<String> clientUrls) {
        Member member = members.get(id);
        if (member != null) {
            put(member.withAttributes(name, clientUrls));
        }
    }

    /** Makes a learner a voter; a member that is gone is ignored. */
    public void promote(long id) {
        Member member = members.get(id);
        if (member != null) {
            put(member.asVoter());
        }
    }

    /** Gives a member other peer URLs; one that is gone is ignored. */
    public void updatePeerUrls(long id, List<String> peerUrls) {
        Member member = members.get(id);
        if (member != null) {
            put(member.withPeerUrls(peerUrls));
        }
    }

    /** Removes a member; its id never comes back. */
    public void remove(long id) {
        if (members.remove(id) != null) {
            repository.deleteById(id);
        }
        if (removed.add(id)) {
            removedMembers.add(id);
        }
        changed();
    }

    /** The cluster agreed on a version. */
    public void setClusterVersion(String version) {
        versions.save(version);
        clusterVersion = version;
    }

    /** The version that the cluster is being taken back to; null while no downgrade is on. */
    public @Nullable String downgradeTarget() {
        return downgradeTarget;
    }

    /** A downgrade begins, or, with null, ends. */
    public void setDowngradeTarget(@Nullable String version) {
        versions.saveTarget(version);
        downgradeTarget = version;
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Ids that were members once and must never join again, in this member's database. */
    public interface RemovedMembers {

        /** All of them. */
        Set<Long> load();

        /** Adds one, as part of the entry that is being applied. */
        void add(long id);
    }
}
