package io.quorate.conformance;

import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.WatchCreateRequest;
import java.util.ArrayList;
import java.util.List;

/** Makes a program from a seed: always the same one. */
final class ProgramGenerator {

    private static final int STEPS_MIN = 6;
    private static final int STEPS_MAX = 24;

    /** How often a program of each kind takes its steps from where, in percent; the rest are calls of the KV service. */
    private enum Kind {
        KV(5, 5, 0, 4),
        TXN(60, 4, 0, 4),
        LEASE(10, 45, 0, 4),
        WATCH(15, 8, 22, 3),
        JSON(15, 15, 2, 70);

        private final int txn;
        private final int lease;
        private final int watch;
        private final int http;

        Kind(int txn, int lease, int watch, int http) {
            this.txn = txn;
            this.lease = lease;
            this.watch = watch;
            this.http = http;
        }
    }

    private final long seed;
    private final Dice dice;
    private final KvRequests kv;
    private final TxnRequests txns;
    private final LeaseRequests leases;
    private final WatchRequests watches;
    private final JsonSpelling spelling;
    private final Kind kind;

    private ProgramGenerator(long seed) {
        this(seed, new Dice(seed));
    }

    /** For a program that takes single steps from here. */
    ProgramGenerator(long seed, Dice dice) {
        this.seed = seed;
        this.dice = dice;
        kv = new KvRequests(dice);
        txns = new TxnRequests(dice, kv);
        leases = new LeaseRequests(dice);
        watches = new WatchRequests(dice);
        spelling = new JsonSpelling(dice);
        kind = dice.oneOf(Kind.values());
    }

    static Program program(long seed) {
        return new ProgramGenerator(seed).program();
    }

    private Program program() {
        List<Step> steps = new ArrayList<>();
        for (int i = dice.between(STEPS_MIN, STEPS_MAX); i > 0; i--) {
            steps.add(step());
        }
        return new Program(seed, List.copyOf(steps));
    }

    /** One more step. */
    Step step() {
        if (dice.chance(kind.http)) {
            return http();
        }
        if (dice.chance(kind.watch)) {
            return watch();
        }
        if (dice.chance(10)) {
            return new Step.KeepAlive(leases.keepAlive());
        }
        return call();
    }

    private Step watch() {
        return switch (dice.below(6)) {
            case 0 -> watches.cancel();
            case 1 -> watches.progress();
            default -> watches.create();
        };
    }

    private Step.Call call() {
        if (dice.chance(kind.txn)) {
            return new Step.Call(Rpc.TXN, txns.txn());
        }
        if (dice.chance(kind.lease)) {
            return lease();
        }
        int choice = dice.below(100);
        if (choice < 45) {
            return new Step.Call(Rpc.PUT, kv.put());
        } else if (choice < 80) {
            return new Step.Call(Rpc.RANGE, dice.chance(98) ? kv.range() : kv.strangeRange());
        } else if (choice < 93) {
            return new Step.Call(Rpc.DELETE_RANGE, kv.delete());
        }
        return new Step.Call(Rpc.COMPACT, kv.compaction());
    }

    private Step.Call lease() {
        return switch (dice.below(8)) {
            case 0, 1, 2 -> new Step.Call(Rpc.LEASE_GRANT, leases.grant());
            case 3 -> new Step.Call(Rpc.LEASE_REVOKE, leases.revoke());
            case 4 -> new Step.Call(Rpc.LEASE_LEASES, LeaseLeasesRequest.getDefaultInstance());
            default -> new Step.Call(Rpc.LEASE_TIME_TO_LIVE, leases.timeToLive());
        };
    }

    private Step http() {
        int choice = dice.below(100);
        if (choice < 3 && kind != Kind.KV) {
            WatchCreateRequest request = watches.request();
            return new Step.HttpWatch(request, "{\"create_request\":" + spelling.ofStream(request) + "}");
        }
        if (choice < 10) {
            return keepAlive();
        }
        if (choice < 14) {
            return strangeRequest();
        }
        return json(call());
    }

    /** A call over HTTP/1.1, seldom one that nobody understands. */
    Step json(Step.Call call) {
        String body = spelling.of(call.request());
        return dice.chance(85)
                ? new Step.Http("POST", path(call.rpc()), body, call.request())
                : new Step.Http("POST", path(call.rpc()), spelling.damage(body), null);
    }

    private String path(Rpc rpc) {
        String path = rpc.path();
        if (path.startsWith("/v3/lease/") && rpc != Rpc.LEASE_GRANT && dice.chance(20)) {
            return path.replace("/v3/lease/", "/v3/kv/lease/");
        }
        return dice.chance(95) ? path : path.replace("/v3/", "/v3beta/");
    }

    /** Several requests in one body, perhaps followed by something else. */
    private Step keepAlive() {
        List<String> requests = new ArrayList<>();
        for (int i = dice.below(4); i > 0; i--) {
            requests.add(spelling.ofStream(leases.keepAlive()));
        }
        if (dice.chance(15)) {
            requests.add(dice.oneOf("x", "[]", "{", "{\"ID\":\"x\"}"));
        }
        return new Step.Http("POST", "/v3/lease/keepalive", String.join(dice.oneOf("", "\n"), requests), null);
    }

    /** A path or a method that is not there. */
    private Step strangeRequest() {
        RangeRequest request = kv.range().toBuilder().clearKeysOnly().build();
        String path = dice.oneOf(
                "/v3/kv/range",
                "/v3/kv/put",
                "/v3/kv/rangestream",
                "/v3/kv",
                "/v3/",
                "/v3/kv/range/",
                "/v3/watch",
                "/v3/lease/grant",
                "/v3/nothing",
                "/v3/kv/range?limit=1",
                "/v3/kv/lease/grant");
        String method = path.endsWith("watch") ? "GET" : dice.oneOf("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH");
        if (dice.chance(30) && !path.endsWith("watch")) {
            method = "POST";
        }
        return new Step.Http(method, path, method.equals("POST") ? spelling.of(request) : "", null);
    }
}
