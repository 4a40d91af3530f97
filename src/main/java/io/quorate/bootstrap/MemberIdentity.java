package io.quorate.bootstrap;

import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import java.util.List;
import java.util.Map;

/**
 * Who this member is and where it found the others.
 *
 * @param identity its id and its cluster's
 * @param founders the members of a new cluster, for its log; empty if the cluster exists already
 * @param peerUrls where the members are by what the settings, or the cluster that is joined, say; the applied membership
 *     wins over it
 */
public record MemberIdentity(Metadata identity, List<Peer> founders, Map<Long, List<String>> peerUrls) {}
