package io.quorate.apply;

import io.quorate.proto.ResponseHeader;

/**
 * Builds response headers (docs/etcd-v3.md, section 1.3).
 *
 * @param clusterId of this cluster
 * @param memberId of this member
 */
public record Headers(long clusterId, long memberId) {

    /** A header with all four fields. */
    public ResponseHeader of(long revision, long term) {
        return ResponseHeader.newBuilder()
                .setClusterId(clusterId)
                .setMemberId(memberId)
                .setRevision(revision)
                .setRaftTerm(term)
                .build();
    }

    /** The header of a response inside a transaction: nothing but the revision. */
    static ResponseHeader nested(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
