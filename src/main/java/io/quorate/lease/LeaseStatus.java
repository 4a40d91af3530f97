package io.quorate.lease;

import io.quorate.base.Bytes;
import java.util.List;

/**
 * A lease as the leader sees it.
 *
 * @param id the lease
 * @param remainingTtl whole seconds left, cut toward zero; 0 or negative for a lease that is about to be revoked
 * @param grantedTtl seconds granted
 * @param keys the keys attached, in no particular order; empty unless asked for
 */
public record LeaseStatus(long id, long remainingTtl, long grantedTtl, List<Bytes> keys) {}
