package io.quorate.mvcc;

import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * What a put found.
 *
 * @param previous the record before the put; null when it was not asked for or the key did not exist
 */
public record PutResult(@Nullable KeyValue previous) {}
