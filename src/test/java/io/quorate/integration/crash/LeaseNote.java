package io.quorate.integration.crash;

import io.quorate.integration.ledger.Attempt;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** What one client knows about a lease it asked for. */
final class LeaseNote {

    /** Long enough that no lease expires during a run. */
    static final long TTL_SECONDS = 36_000;

    final long id;

    /** Keys whose attachment was acknowledged. */
    final Set<String> keys = new ConcurrentSkipListSet<>();

    /** Whether the grant was answered. */
    volatile boolean granted;

    /** Its revocation, if that was asked for. */
    volatile @Nullable Attempt revocation;

    LeaseNote(long id) {
        this.id = id;
    }
}
