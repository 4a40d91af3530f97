package io.quorate.node.transport;

/**
 * The identity of this member to others.
 *
 * @param clusterId never 0
 * @param memberId never 0
 * @param version of the program, shown in logs
 * @param incarnations of its log and of theirs
 */
public record PeerIdentity(long clusterId, long memberId, String version, Incarnations incarnations) {

    /** One that compares no logs. */
    public PeerIdentity(long clusterId, long memberId, String version) {
        this(clusterId, memberId, version, Incarnations.UNKNOWN);
    }
}
