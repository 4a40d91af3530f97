package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lombok.RequiredArgsConstructor;

/** All leases with what is left of them, asked one by one, several at a time. Used by one thread. */
@RequiredArgsConstructor
final class LeaseCopy {

    private static final int CALLERS = 8;

    /** Leases in one step. */
    private static final int STEP_MAX = 10_000;

    private final SourceEtcd source;
    private final FollowingCluster target;

    /** @return how many there are */
    int copy() {
        List<SourceEtcd.Lease> leases = new ArrayList<>(ask(source.leases()));
        leases.removeIf(lease -> lease.remaining() < 0 || lease.granted() <= 0);
        leases.sort(Comparator.comparingLong(SourceEtcd.Lease::id));
        long first = Long.MIN_VALUE;
        for (int from = 0; from == 0 || from < leases.size(); from += STEP_MAX) {
            int to = Math.min(leases.size(), from + STEP_MAX);
            long last =
                    to == leases.size() ? Long.MAX_VALUE : leases.get(to - 1).id();
            target.step(
                    "leases",
                    Map.of(
                            "first", Long.toString(first),
                            "last", Long.toString(last),
                            "leases",
                                    leases.subList(from, to).stream()
                                            .map(LeaseCopy::json)
                                            .toList()));
            first = last + 1;
        }
        return leases.size();
    }

    /** A lease whose last second runs has one: none would mean all of them. */
    private static Map<String, Object> json(SourceEtcd.Lease lease) {
        return Map.of(
                "ID", Long.toString(lease.id()),
                "TTL", Long.toString(lease.granted()),
                "remaining", Long.toString(Math.clamp(lease.remaining(), 1, lease.granted())));
    }

    private List<SourceEtcd.Lease> ask(List<Long> ids) {
        if (ids.size() < CALLERS * CALLERS) {
            return ids.stream().map(source::lease).toList();
        }
        List<CompletableFuture<List<SourceEtcd.Lease>>> asked = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            int share = Math.ceilDiv(ids.size(), CALLERS);
            for (int from = 0; from < ids.size(); from += share) {
                List<Long> part = ids.subList(from, Math.min(ids.size(), from + share));
                asked.add(CompletableFuture.supplyAsync(() -> askAll(part), callers));
            }
        }
        try {
            return asked.stream().flatMap(each -> each.join().stream()).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ToolException refused
                    ? refused
                    : new ToolException("The leases cannot be asked for: " + e.getCause());
        }
    }

    private List<SourceEtcd.Lease> askAll(List<Long> ids) {
        try (SourceEtcd own = source.another()) {
            return ids.stream().map(own::lease).toList();
        }
    }
}
