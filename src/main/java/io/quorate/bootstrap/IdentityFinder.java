package io.quorate.bootstrap;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.LostLogException;
import io.quorate.config.BadUrlException;
import io.quorate.config.ClusterSettings;
import io.quorate.config.InitialCluster;
import io.quorate.config.MemberSettings;
import io.quorate.config.MemberUrl;
import io.quorate.config.PeerUrls;
import io.quorate.membership.Member;
import io.quorate.membership.MemberIds;
import io.quorate.membership.MemberJson;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.MembershipException.CannotJoinException;
import io.quorate.membership.Versions;
import io.quorate.node.Bootstrap;
import io.quorate.node.Bootstrap.ForeignLogException;
import io.quorate.node.transport.MembersCall;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerSettings;
import io.quorate.node.wal.WalSettings;
import io.quorate.proto.MemberListResponse;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/**
 * Finds the identity of this member (docs/etcd-v3.md, section 2.12): from its log if it has one, whatever the settings of the first start
 * were; else from the settings of a new cluster; else from the cluster that it joins, which has given it its id.
 */
@Slf4j
@RequiredArgsConstructor
public final class IdentityFinder {

    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    private final MemberSettings member;
    private final ClusterSettings cluster;
    private final MemberRepository stored;
    private final PeerSettings options;
    private final SrvDiscovery discovery;
    private final LoneStart loneStart;

    /** The index that the state on disk has reached; 0 if there is none. */
    private final long stateIndex;

    /**
     * @throws LostLogException if there is a state without the log that it was made from
     */
    public MemberIdentity find() {
        if (Bootstrap.isRestart(member.walDirectory())) {
            Metadata identity = Bootstrap.identityIn(member.walDirectory(), WalSettings.DEFAULT);
            InitialCluster configured = discovers()
                    ? InitialCluster.alone(member.name(), cluster.initialAdvertisePeerUrls())
                    : cluster.initialCluster();
            checkOwner(identity, configured);
            if (cluster.forceNewCluster()) {
                loneStart.check(candidate(identity), others(identity.getNodeID(), configured), options);
            }
            return new MemberIdentity(identity, List.of(), urlsById(configured));
        }
        if (stateIndex > 0) {
            throw lostLog();
        }
        InitialCluster members = discovers() ? discovered() : cluster.initialCluster();
        if (cluster.forceNewCluster() && members.members().size() > 1) {
            throw new LostLogException(
                    "force-new-cluster goes on with the log of one member, but " + member.walDirectory()
                            + " holds none",
                    "Start with the data-dir and wal-dir of the member that is to go on alone.");
        }
        return switch (cluster.initialClusterState()) {
            case NEW -> found(members);
            case EXISTING -> join(members);
        };
    }

    private LoneStart.Candidate candidate(Metadata identity) {
        return new LoneStart.Candidate(
                new PeerIdentity(identity.getClusterID(), identity.getNodeID(), Versions.SERVER),
                member.name(),
                cluster.listenPeerUrls().stream()
                        .map(url -> PeerAddress.of(url.toString()))
                        .toList());
    }

    private LostLogException lostLog() {
        return new LostLogException(
                "the state in " + member.dataDirectory() + " is that at index " + stateIndex
                        + ", but there is no log in " + member.walDirectory(),
                "If wal-dir is not the one of before, or its volume is not mounted, correct that: nothing is lost. If the log"
                        + " is lost, so are this member's votes: as part of a cluster, remove it there (etcdctl member"
                        + " remove), set the data directory aside and add it anew. As the only member, keep the directory:"
                        + " what it holds is all there is.");
    }

    private boolean discovers() {
        return !cluster.discoverySrv().isEmpty();
    }

    private InitialCluster discovered() {
        InitialCluster members = discovery.members(
                cluster.discoverySrv(), cluster.discoverySrvName(), member.name(), cluster.initialAdvertisePeerUrls());
        log.info("the SRV records of {} name {}", cluster.discoverySrv(), members);
        return members;
    }

    private MemberIdentity found(InitialCluster members) {
        List<Peer> founders = new ArrayList<>();
        members.members().forEach((name, urls) -> {
            long id = idOf(urls);
            // Names that DNS does not tell must be the same in every log.
            String known = discovers() ? "" : name;
            founders.add(new Peer(id, MemberJson.encode(Member.announced(id, known, texts(urls), false))));
        });
        return new MemberIdentity(identityIn(members), founders, urlsById(members));
    }

    private Map<Long, List<String>> urlsById(InitialCluster members) {
        Map<Long, List<String>> urls = new LinkedHashMap<>();
        members.members().values().forEach(list -> urls.put(idOf(list), texts(list)));
        return urls;
    }

    private Metadata identityIn(InitialCluster members) {
        List<Long> ids = members.members().values().stream().map(this::idOf).toList();
        return Metadata.newBuilder()
                .setNodeID(idOf(Objects.requireNonNull(members.members().get(member.name()), member.name())))
                .setClusterID(MemberIds.clusterId(ids))
                .build();
    }

    private long idOf(List<MemberUrl> urls) {
        return MemberIds.memberId(texts(urls), cluster.initialClusterToken());
    }

    private static List<String> texts(List<MemberUrl> urls) {
        return urls.stream().map(MemberUrl::toString).toList();
    }

    // ---- restart

    /** The other members as the state knows them; as the settings do while it knows none. */
    private List<PeerAddress> others(long ownId, InitialCluster configured) {
        Map<Long, List<String>> known = new LinkedHashMap<>();
        stored.findAll().forEach(each -> known.put(each.id(), each.peerUrls()));
        Map<Long, List<String>> all = known.isEmpty() ? urlsById(configured) : known;
        return all.entrySet().stream()
                .filter(each -> each.getKey() != ownId)
                .flatMap(each -> each.getValue().stream())
                .map(PeerAddress::of)
                .toList();
    }

    /**
     * Settings only count at the first start, yet a directory of another member is a mistake that must not go unnoticed: id,
     * name or URLs must be the owner's.
     */
    private void checkOwner(Metadata found, InitialCluster configured) {
        Metadata expected = identityIn(configured);
        Optional<Member> owner = stored.findById(found.getNodeID());
        boolean plausible = found.getNodeID() == expected.getNodeID()
                || owner.isEmpty()
                || owner.get().name().equals(member.name())
                || leadHere(owner.get().peerUrls());
        if (!plausible) {
            throw new ForeignLogException(
                    member.walDirectory(),
                    describe(expected) + " named '" + member.name() + "'",
                    describe(found) + " named '" + owner.get().name() + "'");
        }
    }

    /** Whether URLs name the places where this member is found, however they are written. */
    private boolean leadHere(List<String> urls) {
        try {
            return PeerUrls.leadToTheSame(
                    urls.stream().map(MemberUrl::of).toList(), cluster.initialAdvertisePeerUrls());
        } catch (BadUrlException e) {
            return false; // another member may be announced with any text
        }
    }

    private static String describe(Metadata whose) {
        return "member " + Long.toHexString(whose.getNodeID()) + " of cluster "
                + Long.toHexString(whose.getClusterID());
    }

    // ---- join

    private MemberIdentity join(InitialCluster members) {
        List<PeerAddress> others = members.members().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(member.name()))
                .flatMap(entry -> entry.getValue().stream())
                .map(url -> PeerAddress.of(url.toString()))
                .toList();
        if (others.isEmpty()) {
            throw new CannotJoinException(
                    "quorate.initial-cluster names nobody but this member, so there is no cluster to join.");
        }
        log.info("asking {} for the members of the cluster", others);
        try {
            MembersCall.Answer answer = MembersCall.ask(others, options, JOIN_TIMEOUT);
            return joined(answer.clusterId(), MemberListResponse.parseFrom(answer.members()));
        } catch (TimeoutException e) {
            throw new CannotJoinException("None of " + others + " told the members of its cluster within "
                    + JOIN_TIMEOUT.toSeconds() + " s.");
        } catch (InvalidProtocolBufferException e) {
            throw new CannotJoinException("The list of members cannot be read: " + e.getMessage());
        }
    }

    private MemberIdentity joined(long clusterId, MemberListResponse members) {
        List<String> own = texts(cluster.initialAdvertisePeerUrls());
        Map<Long, List<String>> urls = new LinkedHashMap<>();
        Metadata identity = null;
        for (io.quorate.proto.Member each : members.getMembersList()) {
            urls.put(each.getID(), each.getPeerURLsList());
            if (leadHere(each.getPeerURLsList())) {
                checkNotStarted(each);
                identity = Metadata.newBuilder()
                        .setNodeID(each.getID())
                        .setClusterID(clusterId)
                        .build();
            }
        }
        if (identity == null) {
            throw new CannotJoinException(
                    "The cluster " + Long.toHexString(clusterId) + " has no member with the peer URLs " + own + ".");
        }
        return new MemberIdentity(identity, List.of(), urls);
    }

    /** A member that has voted and forgot its vote could vote twice in a term. */
    private static void checkNotStarted(io.quorate.proto.Member found) {
        if (!found.getName().isEmpty()) {
            throw new CannotJoinException("Member " + Long.toHexString(found.getID()) + " with these peer URLs, named '"
                    + found.getName() + "', has run before, but its data is not in this directory. Remove it from the"
                    + " cluster first (etcdctl member remove).");
        }
    }

    /**
     * The identity of this member, and where it found the others.
     *
     * @param identity its id and its cluster's
     * @param founders the members of a new cluster, for its log; empty if the cluster exists already
     * @param peerUrls where the members are by what the settings, or the cluster that is joined, say; the applied membership
     *     wins over it
     */
    public record MemberIdentity(Metadata identity, List<Peer> founders, Map<Long, List<String>> peerUrls) {}
}
