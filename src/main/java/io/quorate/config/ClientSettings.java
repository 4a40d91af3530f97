package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import io.quorate.config.LiveSettings.ChangesAtRunTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The client port and what one client may ask of it.
 *
 * @param listenClientUrls Where the member listens for clients, gRPC and HTTP on the same port; an IP address or localhost, or
 *     a socket file with unix:// or unixs://. The same address with http and https serves both.
 * @param listenClientHttpUrls Where HTTP is served instead; listen-client-urls then serve gRPC only. Empty means that both
 *     share listen-client-urls.
 * @param listenMetricsUrls Further places of the pages about the member: health, version and metrics, with the TLS of
 *     clients where they begin with https.
 * @param advertiseClientUrls Where clients are told to reach the member. Empty means http://localhost:2379, which is
 *     allowed only as long as listen-client-urls is left alone.
 * @param maxRequestBytes Largest write, as it goes into the log.
 * @param maxTxnOps Most operations, or comparisons, in one transaction.
 * @param maxConcurrentStreams Most calls at the same time on one connection, 1 to 4294967295.
 * @param grpcKeepaliveMinTime Shortest time between two pings of a client that is tolerated while it has a call; 0 means
 *     5 minutes.
 * @param grpcKeepaliveInterval Time after which an idle connection is pinged; 0 turns it off.
 * @param grpcKeepaliveTimeout Time without an answer to that ping after which the connection is closed.
 * @param watchProgressNotifyInterval Time without an event after which a watch that asked for it is told the current
 *     revision; at least 100 ms, 0 means 10 minutes.
 * @param cors Origins whose pages may call from a browser, as in {@code https://ui.example.org}; {@code *} or empty for all.
 * @param hostWhitelist Names that HTTP requests in clear text may give as their host, without port; {@code *} or empty for
 *     all.
 * @param warningUnaryRequestDuration Unary calls that take longer are counted and logged; 0 turns it off.
 * @param metrics "extensive" also measures calls by method, as {@code grpc_server_handling_seconds}; "basic" does not.
 */
@ConfigurationProperties("quorate")
public record ClientSettings(
        @DefaultValue(DEFAULT_URL) List<MemberUrl> listenClientUrls,
        @DefaultValue("") List<MemberUrl> listenClientHttpUrls,
        @DefaultValue("") List<MemberUrl> listenMetricsUrls,
        @DefaultValue("") List<MemberUrl> advertiseClientUrls,
        @DefaultValue("1536KB") DataSize maxRequestBytes,
        @ChangesAtRunTime @DefaultValue("128") int maxTxnOps,
        @DefaultValue("4294967295") long maxConcurrentStreams,
        @DefaultValue("5s") Duration grpcKeepaliveMinTime,
        @DefaultValue("2h") Duration grpcKeepaliveInterval,
        @DefaultValue("20s") Duration grpcKeepaliveTimeout,
        @DefaultValue("10m") Duration watchProgressNotifyInterval,
        @DefaultValue("*") List<String> cors,
        @DefaultValue("*") List<String> hostWhitelist,
        @ChangesAtRunTime @DefaultValue("300ms") Duration warningUnaryRequestDuration,
        @DefaultValue("basic") Metrics metrics) {

    /** How much is measured. */
    public enum Metrics {
        BASIC,
        EXTENSIVE
    }

    private static final String DEFAULT_URL = "http://localhost:2379";
    private static final List<String> ALL = List.of("*");
    private static final Duration PROGRESS_DEFAULT = Duration.ofMinutes(10);
    private static final Duration PROGRESS_MIN = Duration.ofMillis(100);
    private static final long STREAMS_MAX = 4_294_967_295L;
    /** What a call carries beside the write it asks for; etcd allows the same. */
    private static final DataSize OVERHEAD = DataSize.ofKilobytes(512);

    public ClientSettings {
        List<MemberUrl> defaults = List.of(MemberUrl.of(DEFAULT_URL));
        UrlLists.checkBindable("quorate.listen-client-urls", listenClientUrls);
        checkListeners("quorate.listen-client-http-urls", listenClientHttpUrls, listenClientUrls);
        checkListeners(
                "quorate.listen-metrics-urls",
                listenMetricsUrls,
                Stream.concat(listenClientUrls.stream(), listenClientHttpUrls.stream())
                        .toList());
        check(
                !advertiseClientUrls.isEmpty() || listenClientUrls.equals(defaults),
                "quorate.advertise-client-urls",
                "''",
                "is required when quorate.listen-client-urls is set");
        listenClientUrls = List.copyOf(listenClientUrls);
        listenClientHttpUrls = List.copyOf(listenClientHttpUrls);
        listenMetricsUrls = List.copyOf(listenMetricsUrls);
        advertiseClientUrls = advertiseClientUrls.isEmpty() ? defaults : List.copyOf(advertiseClientUrls);
        UrlLists.checkReachable("quorate.advertise-client-urls", advertiseClientUrls);
        check(
                maxRequestBytes.toBytes() > 0 && maxRequestBytes.toBytes() <= Integer.MAX_VALUE - OVERHEAD.toBytes(),
                "quorate.max-request-bytes",
                maxRequestBytes,
                "must be between 1B and 2047MB");
        check(maxTxnOps > 0, "quorate.max-txn-ops", maxTxnOps, "must be at least 1");
        check(
                maxConcurrentStreams > 0 && maxConcurrentStreams <= STREAMS_MAX,
                "quorate.max-concurrent-streams",
                maxConcurrentStreams,
                "must be between 1 and " + STREAMS_MAX);
        notNegative("quorate.grpc-keepalive-min-time", grpcKeepaliveMinTime);
        notNegative("quorate.grpc-keepalive-interval", grpcKeepaliveInterval);
        notNegative("quorate.grpc-keepalive-timeout", grpcKeepaliveTimeout);
        notNegative("quorate.warning-unary-request-duration", warningUnaryRequestDuration);
        cors = cors.isEmpty() ? ALL : List.copyOf(cors);
        hostWhitelist = hostWhitelist.isEmpty() ? ALL : List.copyOf(hostWhitelist);
        if (watchProgressNotifyInterval.isZero()) {
            watchProgressNotifyInterval = PROGRESS_DEFAULT;
        }
        check(
                watchProgressNotifyInterval.compareTo(PROGRESS_MIN) >= 0,
                "quorate.watch-progress-notify-interval",
                watchProgressNotifyInterval,
                "must be at least 100ms");
    }

    /** The largest message accepted on a connection: a write of the permitted size with its envelope. */
    public DataSize maxMessageBytes() {
        return DataSize.ofBytes(maxRequestBytes.toBytes() + OVERHEAD.toBytes());
    }

    /** All URLs that the client port listens on. */
    List<MemberUrl> allListened() {
        return Stream.of(listenClientUrls, listenClientHttpUrls, listenMetricsUrls)
                .flatMap(List::stream)
                .toList();
    }

    /** Further listeners, at places that the others do not have. */
    private static void checkListeners(String property, List<MemberUrl> urls, List<MemberUrl> others) {
        if (!urls.isEmpty()) {
            UrlLists.checkBindable(property, urls);
        }
        for (MemberUrl url : urls) {
            check(
                    others.stream().noneMatch(url::isAtSamePlaceAs),
                    property,
                    url,
                    "must not be at the same address as another listener for clients");
        }
    }

    private static void notNegative(String property, Duration duration) {
        check(!duration.isNegative(), property, duration, "must not be negative");
    }
}
