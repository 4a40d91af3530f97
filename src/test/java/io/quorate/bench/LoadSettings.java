package io.quorate.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to do to which servers.
 *
 * @param endpoints host and port of each member; connections are spread over them
 * @param workload kind of calls
 * @param inFlight calls at a time, over all connections
 * @param connections gRPC connections
 * @param threads event loops of this program
 * @param rate calls a second at fixed times; 0 for a closed loop, where each call follows the one before
 * @param warmUp time before counting begins
 * @param duration time that counts
 * @param valueBytes size of a value
 * @param keys size of the key space
 * @param range keys of one range
 * @param watchers watchers of the watch workload
 * @param streams streams that these share, each on a connection of its own
 * @param users users that call in turn, each with a token of a login; 0 calls without authentication
 * @param called what the workload is called in results; empty for a name made of its options
 * @param retry whether a call that failed is made again, on the next member, until it succeeds; its time goes on
 * @param fill whether to write every key once before
 * @param pids processes whose CPU time and memory are of interest
 * @param label first column of the output for a machine; empty for output for a human
 */
record LoadSettings(
        List<InetSocketAddress> endpoints,
        Workload workload,
        int inFlight,
        int connections,
        int threads,
        double rate,
        Duration warmUp,
        Duration duration,
        int valueBytes,
        int keys,
        int range,
        int watchers,
        int streams,
        int users,
        String called,
        boolean retry,
        boolean fill,
        List<Long> pids,
        String label) {

    static final String USAGE = """
            LoadMain --name=value ...
              --endpoints=127.0.0.1:2379   host:port,host:port
              --workload=put               put get get-serializable range count txn keepalive json-put watch
              --in-flight=32               calls at a time
              --connections=0              0: one for each 64 calls in flight, at most 8
              --threads=1                  event loops of this program
              --rate=0                     calls a second at fixed times; 0: closed loop
              --warm-up=3 --seconds=10     not counted, counted
              --value-bytes=256 --keys=100000 --range=100 --watchers=100 --streams=1
              --users=0                    turns authentication on for the time of the workload, and calls as so many users
              --called=                    what it is called in the results
              --retry=false                true: failed calls again on the next member, until they succeed
              --fill=auto                  true, false; auto: if the workload reads
              --pid=                       server processes, separated by commas, for their CPU time and memory
              --batch=false                true: every line of standard input is a workload, with these options too
              --label=                     prints one line for ReportMain, beginning with this
            """;

    private static final int CALLS_PER_CONNECTION = 64;
    private static final int MOST_CONNECTIONS = 8;

    static LoadSettings parse(String... arguments) {
        Map<String, String> given = new TreeMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("Not --name=value: " + argument);
            }
            given.put(argument.substring(2, equals), argument.substring(equals + 1));
        }
        Workload workload = Workload.of(take(given, "workload", "put"));
        int inFlight = Integer.parseInt(take(given, "in-flight", "32"));
        int connections = Integer.parseInt(take(given, "connections", "0"));
        String fill = take(given, "fill", "auto");
        LoadSettings options = new LoadSettings(
                endpoints(take(given, "endpoints", "127.0.0.1:2379")),
                workload,
                inFlight,
                connections > 0
                        ? connections
                        : Math.clamp((inFlight + CALLS_PER_CONNECTION - 1) / CALLS_PER_CONNECTION, 1, MOST_CONNECTIONS),
                Integer.parseInt(take(given, "threads", "1")),
                Double.parseDouble(take(given, "rate", "0")),
                Duration.ofSeconds(Long.parseLong(take(given, "warm-up", "3"))),
                Duration.ofSeconds(Long.parseLong(take(given, "seconds", "10"))),
                Integer.parseInt(take(given, "value-bytes", "256")),
                Integer.parseInt(take(given, "keys", "100000")),
                Integer.parseInt(take(given, "range", "100")),
                Integer.parseInt(take(given, "watchers", "100")),
                Integer.parseInt(take(given, "streams", "1")),
                Integer.parseInt(take(given, "users", "0")),
                take(given, "called", ""),
                Boolean.parseBoolean(take(given, "retry", "false")),
                fill.equals("auto") ? workload.needsKeys() : Boolean.parseBoolean(fill),
                Arrays.stream(take(given, "pid", "").split(","))
                        .filter(pid -> !pid.isEmpty())
                        .map(Long::valueOf)
                        .toList(),
                take(given, "label", ""));
        if (options.retry() && (workload == Workload.KEEPALIVE || workload == Workload.JSON_PUT)) {
            throw new IllegalArgumentException("No retries of " + workload.option());
        }
        if (options.users() > 0 && !workload.isUnary()) {
            throw new IllegalArgumentException("No users for " + workload.option());
        }
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("Unknown: " + given.keySet());
        }
        return options;
    }

    private static String take(Map<String, String> given, String name, String otherwise) {
        String value = given.remove(name);
        return value == null ? otherwise : value;
    }

    private static List<InetSocketAddress> endpoints(String text) {
        return Arrays.stream(text.split(","))
                .map(endpoint -> endpoint.replaceFirst("^http://", "").split(":"))
                .map(parts -> new InetSocketAddress(parts[0], Integer.parseInt(parts[1])))
                .toList();
    }

    /** Address of the n-th connection. */
    InetSocketAddress endpoint(int connection) {
        return endpoints.get(connection % endpoints.size());
    }

    /** The same servers, but all keys written once. */
    LoadSettings forFilling() {
        return new LoadSettings(
                endpoints,
                Workload.PUT,
                256,
                4,
                threads,
                0,
                Duration.ZERO,
                Duration.ofHours(1),
                valueBytes,
                keys,
                range,
                watchers,
                streams,
                0,
                "",
                false,
                true,
                List.of(),
                "");
    }

    /** Workload, calls in flight and size, in one word. */
    String scenario() {
        if (!called.isEmpty()) {
            return called;
        }
        String size = switch (workload) {
            case PUT, JSON_PUT, TXN -> "-" + valueBytes + "B";
            case RANGE -> "-" + range + "keys";
            case WATCH -> "-" + watchers + "watchers" + (streams > 1 ? "-" + streams + "streams" : "");
            case GET, GET_SERIALIZABLE, COUNT, KEEPALIVE -> "";
        };
        String callers = users > 0 ? "-" + users + "users" : "";
        return workload.option() + size + callers + (rate > 0 ? "-" + Math.round(rate) + "ps" : "-x" + inFlight);
    }
}
