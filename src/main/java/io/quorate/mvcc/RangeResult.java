package io.quorate.mvcc;

import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;

/**
 * The answer to a {@link RangeQuery}.
 *
 * @param kvs the records, in the order asked for
 * @param count live keys in the range at the revision read, whatever limit and filters say
 * @param more whether the limit cut off records that match
 * @param revision the newest revision of the state that was read, which is what a response header reports
 */
public record RangeResult(List<KeyValue> kvs, long count, boolean more, long revision) {}
