package io.quorate.backup;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.StoredConfState;
import io.quorate.membership.Member;
import io.quorate.membership.MemberCodec;
import io.quorate.membership.MemberIds;
import io.quorate.membership.StoredClusterVersion;
import io.quorate.membership.Versions;
import io.quorate.proto.Metadata;
import io.quorate.raft.ConfState;
import io.quorate.raft.HardState;
import io.quorate.raft.Snapshot;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.WriteSet;
import java.util.List;
import java.util.Map;

/**
 * A new cluster that begins with a restored state. Each of its members is made of the same snapshot with the same list of members, so all
 * of them begin at the same index of the same term, as if the log had added one member after the other. Ids derive from the URLs and the
 * token, so the new cluster is another one than the snapshot's, and its members never talk to those.
 *
 * @param identity the member that is made, and its cluster
 * @param members all of them, voters
 */
public record RestoredCluster(Metadata identity, List<Member> members) {

    private static final long TERM = 1;

    public RestoredCluster {
        members = List.copyOf(members);
    }

    /**
     * Derives the ids.
     *
     * @param peerUrls of each member by its name
     * @param token keeps clusters with equal URLs apart
     * @param name the member that is made
     * @throws SnapshotException if there is no member of that name
     */
    public static RestoredCluster of(Map<String, List<String>> peerUrls, String token, String name) {
        List<String> own = peerUrls.get(name);
        if (own == null) {
            throw new SnapshotException(
                    "couldn't find local name \"" + name + "\" in the initial cluster configuration");
        }
        List<Member> members = peerUrls.entrySet().stream()
                .map(each -> Member.announced(
                        MemberIds.memberId(each.getValue(), token), each.getKey(), each.getValue(), false))
                .toList();
        Metadata identity = Metadata.newBuilder()
                .setNodeID(MemberIds.memberId(own, token))
                .setClusterID(
                        MemberIds.clusterId(members.stream().map(Member::id).toList()))
                .build();
        return new RestoredCluster(identity, members);
    }

    /** Where the log of each member begins: behind the entries that would have added the members. */
    public Snapshot origin() {
        return new Snapshot(members.size(), TERM, confState(), new byte[0]);
    }

    /** All up to there is committed; nobody has voted. */
    public HardState hardState() {
        return new HardState(TERM, 0, members.size());
    }

    private ConfState confState() {
        List<Long> voters =
                members.stream().map(Member::id).sorted(Long::compareUnsigned).toList();
        return new ConfState(voters, List.of(), List.of(), List.of(), false);
    }

    /** Writes the members and the position in the log beside a state that is there already; durable after the next flush. */
    public void writeTo(Database database) {
        try (WriteSet set = database.newWriteSet()) {
            MemberCodec codec = new MemberCodec();
            members.forEach(member -> set.put(codec.family(), codec.encodeId(member.id()), codec.encode(member)));
            StoredConfState.save(set, confState());
            new ConsistentIndex(database).advance(set, members.size(), TERM);
            ApplyScope scope = new ApplyScope();
            scope.enter(set);
            try {
                new StoredClusterVersion(database, scope).save(Versions.CLUSTER);
            } finally {
                scope.leave();
            }
            database.write(set);
        }
    }
}
