package io.quorate.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The cluster as this member has applied it. */
public final class Membership {

    private final long clusterId;
    private final long localId;
    private final MemberRepository repository;
    private final ClusterVersionStore versions;
    private final Map<Long, Member> members = new ConcurrentSkipListMap<>(Long::compareUnsigned);
    private volatile @Nullable String clusterVersion;

    /** Where the cluster's version is kept. */
    public interface ClusterVersionStore {

        /** The stored version; null before the first. */
        @Nullable
        String load();

        /** Stores it, as part of the entry that is being applied. */
        void save(String version);
    }

    /** Restores what the database holds. */
    public Membership(long clusterId, long localId, MemberRepository repository, ClusterVersionStore versions) {
        this.clusterId = clusterId;
        this.localId = localId;
        this.repository = repository;
        this.versions = versions;
        this.clusterVersion = versions.load();
        repository.findAll().forEach(member -> members.put(member.id(), member));
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

    /** The version that all members understand; null while it is not decided. */
    public @Nullable String clusterVersion() {
        return clusterVersion;
    }

    /** Adds a member or replaces what is known about it. */
    public void put(Member member) {
        members.put(member.id(), repository.save(member));
    }

    /** A member that has started tells its name and client URLs; one that is gone is ignored. */
    public void updateAttributes(long id, String name, List<String> clientUrls) {
        Member member = members.get(id);
        if (member != null) {
            put(member.withAttributes(name, clientUrls));
        }
    }

    /** Removes a member; its id never comes back. */
    public void remove(long id) {
        if (members.remove(id) != null) {
            repository.deleteById(id);
        }
    }

    /** The cluster agreed on a version. */
    public void setClusterVersion(String version) {
        versions.save(version);
        clusterVersion = version;
    }
}
