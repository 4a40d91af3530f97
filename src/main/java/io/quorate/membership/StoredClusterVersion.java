package io.quorate.membership;

import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Keeps the cluster's version, and a downgrade's target, beside other metadata, in the write of the entry that sets it. */
public record StoredClusterVersion(Database database, ApplyScope scope) implements Membership.ClusterVersionStore {

    private static final byte[] KEY = "cluster_version".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] TARGET_KEY = "downgrade_target".getBytes(StandardCharsets.US_ASCII);

    @Override
    public @Nullable String load() {
        return versionIn(database);
    }

    @Override
    public @Nullable String loadTarget() {
        return targetIn(database);
    }

    @Override
    public void save(String version) {
        scope.current().put(Family.META, KEY, version.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void saveTarget(@Nullable String version) {
        if (version == null) {
            scope.current().delete(Family.META, TARGET_KEY);
        } else {
            scope.current().put(Family.META, TARGET_KEY, version.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The version that a state holds, wherever it lies; null if it has none. */
    public static @Nullable String versionIn(Reader state) {
        return load(state, KEY);
    }

    /** The version that a cluster is being downgraded to; null if it is not. */
    public static @Nullable String targetIn(Reader state) {
        return load(state, TARGET_KEY);
    }

    private static @Nullable String load(Reader state, byte[] key) {
        byte[] stored = state.get(Family.META, key);
        return stored == null ? null : new String(stored, StandardCharsets.UTF_8);
    }
}
