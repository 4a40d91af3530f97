package io.quorate.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.node.wal.ConfStateCodec;
import io.quorate.raft.ConfState;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.WriteSet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as of the consistent index, beside it in the database: so a copy of the database says by itself with
 * which members to count, and a change that was refused is not judged anew when its entry is replayed.
 */
public final class StoredConfState {

    private static final byte[] KEY = "conf_state".getBytes(StandardCharsets.US_ASCII);

    private StoredConfState() {}

    /** What the database holds; null before the first change. */
    public static @Nullable ConfState load(Reader database) {
        byte[] stored = database.get(Family.META, KEY);
        if (stored == null) {
            return null;
        }
        try {
            return ConfStateCodec.decode(io.quorate.proto.raftpb.ConfState.parseFrom(stored));
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the stored configuration cannot be read", e);
        }
    }

    /** Writes a configuration, as part of the write set that reaches its index. */
    public static void save(WriteSet set, ConfState confState) {
        set.put(Family.META, KEY, ConfStateCodec.encode(confState).toByteArray());
    }
}
