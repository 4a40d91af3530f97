package io.quorate.node.transport;

/**
 * Who this member is to others.
 *
 * @param clusterId never 0
 * @param memberId never 0
 * @param version of the program, shown in logs
 */
public record PeerIdentity(long clusterId, long memberId, String version) {}
