package io.quorate.membership;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/** Ids of members and of the cluster, by etcd's rule: the first eight bytes of a SHA-1 (docs/etcd-v3.md, section 1.3). */
public final class MemberIds {

    private MemberIds() {}

    /**
     * The id of a member that is part of the initial cluster.
     *
     * @param peerUrls its peer URLs, in any order
     * @param clusterToken keeps clusters with equal addresses apart
     */
    public static long memberId(Collection<String> peerUrls, String clusterToken) {
        String joined = String.join("", peerUrls.stream().sorted().toList());
        return firstEight((joined + clusterToken).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The id of a member that is added to a running cluster, where the same addresses may come back under another id.
     *
     * @param unixSeconds the time of day
     */
    public static long addedMemberId(Collection<String> peerUrls, String clusterToken, long unixSeconds) {
        return memberId(peerUrls, clusterToken + unixSeconds);
    }

    /** The id of a cluster: over its initial members' ids in ascending order. */
    public static long clusterId(Collection<Long> memberIds) {
        List<Long> sorted = memberIds.stream().sorted(Long::compareUnsigned).toList();
        ByteBuffer bytes = ByteBuffer.allocate(sorted.size() * Long.BYTES);
        sorted.forEach(bytes::putLong);
        return firstEight(bytes.array());
    }

    private static long firstEight(byte[] input) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(input))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
