package io.quorate.wiring;

import io.quorate.membership.Membership;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Keeps the cluster's version beside the other metadata, in the write of the entry that sets it. */
record StoredClusterVersion(Database database, ApplyScope scope) implements Membership.ClusterVersionStore {

    private static final byte[] KEY = "cluster_version".getBytes(StandardCharsets.US_ASCII);

    @Override
    public @Nullable String load() {
        byte[] stored = database.get(Family.META, KEY);
        return stored == null ? null : new String(stored, StandardCharsets.UTF_8);
    }

    @Override
    public void save(String version) {
        scope.current().put(Family.META, KEY, version.getBytes(StandardCharsets.UTF_8));
    }
}
