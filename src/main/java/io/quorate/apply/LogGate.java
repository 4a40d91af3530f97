package io.quorate.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.membership.ClusterVersion;
import io.quorate.membership.Versions;
import io.quorate.raft.Entry;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What may enter the log: only what every member of the cluster can apply. An entry that cannot be applied ends all members at
 * the same index, again after each restart, so it is refused before it is appended: by the member that proposes it and by the
 * leader that it is forwarded to. Any thread.
 */
public final class LogGate {

    private final Supplier<@Nullable String> clusterVersion;

    /** @param clusterVersion the version that all members understand; null while it is not decided */
    public LogGate(Supplier<@Nullable String> clusterVersion) {
        this.clusterVersion = clusterVersion;
    }

    /** Whether all members know a kind of request: those of a later version may be proposed once all have that version. */
    public boolean admits(RequestKind kind) {
        ClusterVersion since = kind.since();
        if (since == null) {
            return kind != RequestKind.UNKNOWN;
        }
        String agreed = clusterVersion.get();
        ClusterVersion now = agreed == null ? null : ClusterVersion.parse(agreed);
        return now != null && !now.isBelow(since);
    }

    /** Why an entry that another member proposes must not enter the log; null if it may. */
    public @Nullable String refusal(Entry entry) {
        return switch (entry.type()) {
            case NORMAL -> entry.data().length == 0 ? null : requestRefusal(entry.data());
            case CONF_CHANGE, CONF_CHANGE_V2 -> changeRefusal(entry);
        };
    }

    /** Why this version could not apply an entry of the log, whatever the cluster's version; null if it could. */
    public static @Nullable String unreadability(Entry entry) {
        return new LogGate(() -> Versions.CLUSTER).refusal(entry);
    }

    private @Nullable String requestRefusal(byte[] data) {
        try {
            RequestKind kind = RequestKind.of(RequestCodec.decode(data));
            return admits(kind) ? null : "a request of the kind '" + kind.wireName() + "', which not all members know";
        } catch (InvalidProtocolBufferException e) {
            return "no request: " + e.getMessage();
        }
    }

    private static @Nullable String changeRefusal(Entry entry) {
        try {
            return ConfChangeApplier.malformation(ConfChangeCodec.decode(entry));
        } catch (IllegalArgumentException e) {
            return "no membership change: " + e.getMessage();
        }
    }
}
