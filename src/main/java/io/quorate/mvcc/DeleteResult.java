package io.quorate.mvcc;

import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;

/**
 * What a deletion did.
 *
 * @param deleted how many live keys it removed
 * @param previous the removed records in key order; empty when they were not asked for
 */
public record DeleteResult(long deleted, List<KeyValue> previous) {}
