package io.quorate.bootstrap;

import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerDirectory;
import io.quorate.proto.MemberListResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/** The applied membership as the transport needs it; until this member finds itself in there, what it was started with. */
@Slf4j
@RequiredArgsConstructor
public final class ClusterDirectory implements PeerDirectory {

    private final Membership membership;
    private final MemberIdentity origin;

    /** The members to be connected to now. */
    public Set<Long> peers() {
        Set<Long> ids = new HashSet<>();
        membership.members().forEach(member -> ids.add(member.id()));
        if (!ids.contains(membership.localId())) {
            origin.peerUrls().keySet().stream()
                    .filter(id -> !membership.isRemoved(id))
                    .forEach(ids::add);
        }
        return ids;
    }

    @Override
    public List<PeerAddress> addresses(long id) {
        Member member = membership.member(id);
        List<String> urls = member == null ? origin.peerUrls().getOrDefault(id, List.of()) : member.peerUrls();
        return urls.stream().flatMap(url -> address(url).stream()).toList();
    }

    @Override
    public String name(long id) {
        Member member = membership.member(id);
        return named(member == null ? "" : member.name(), id);
    }

    /** How lines in the log call a member; one that has not started has no name everywhere. */
    public static String named(String name, long id) {
        return name.isEmpty() ? Long.toHexString(id) : name + " (" + Long.toHexString(id) + ")";
    }

    /** An update of a member may contain anything as its URL. */
    private static List<PeerAddress> address(String url) {
        try {
            return List.of(PeerAddress.of(url));
        } catch (IllegalArgumentException e) {
            log.warn("a peer URL cannot be used: {}", e.getMessage());
            return List.of();
        }
    }

    @Override
    public boolean isRemoved(long id) {
        return membership.isRemoved(id);
    }

    @Override
    public byte[] members() {
        MemberListResponse.Builder list = MemberListResponse.newBuilder();
        for (Member member : membership.members()) {
            list.addMembers(io.quorate.proto.Member.newBuilder()
                    .setID(member.id())
                    .setName(member.name())
                    .addAllPeerURLs(member.peerUrls())
                    .addAllClientURLs(member.clientUrls())
                    .setIsLearner(member.isLearner()));
        }
        return list.build().toByteArray();
    }
}
