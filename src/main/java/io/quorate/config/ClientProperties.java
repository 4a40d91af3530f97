package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The client port and what one client may ask of it.
 *
 * @param listenClientUrls Where the member listens for clients, gRPC and HTTP on the same port; an IP address or
 *     localhost.
 * @param advertiseClientUrls Where clients are told to reach the member. Empty means http://localhost:2379, which is
 *     allowed only as long as listen-client-urls is left alone.
 * @param maxRequestBytes Largest write, as it goes into the log.
 * @param maxTxnOps Most operations, or comparisons, in one transaction.
 * @param maxConcurrentStreams Most calls at the same time on one connection, 1 to 4294967295.
 * @param grpcKeepaliveMinTime Shortest time between two pings of a client that is tolerated.
 * @param grpcKeepaliveInterval Time after which an idle connection is pinged; 0 turns it off.
 * @param grpcKeepaliveTimeout Time without an answer to that ping after which the connection is closed.
 * @param watchProgressNotifyInterval Time without an event after which a watch that asked for it is told the current
 *     revision; at least 100 ms, 0 means 10 minutes.
 * @param cors Origins whose pages may call from a browser, as in {@code https://ui.example.org}; {@code *} or empty for all.
 * @param hostWhitelist Names that HTTP requests in clear text may give as their host, without port; {@code *} or empty for
 *     all.
 * @param warningUnaryRequestDuration Unary calls that take longer are counted and logged; 0 turns it off.
 */
@ConfigurationProperties("quorate")
public record ClientProperties(
        @DefaultValue(DEFAULT_URL) List<MemberUrl> listenClientUrls,
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
        @ChangesAtRunTime @DefaultValue("300ms") Duration warningUnaryRequestDuration) {

    private static final String DEFAULT_URL = "http://localhost:2379";
    private static final List<String> ALL = List.of("*");
    private static final Duration PROGRESS_DEFAULT = Duration.ofMinutes(10);
    private static final Duration PROGRESS_MIN = Duration.ofMillis(100);
    private static final long STREAMS_MAX = 4_294_967_295L;
    /** What a call carries beside the write it asks for; etcd allows the same. */
    private static final DataSize OVERHEAD = DataSize.ofKilobytes(512);

    public ClientProperties {
        List<MemberUrl> defaults = List.of(MemberUrl.of(DEFAULT_URL));
        UrlLists.checkBindable("quorate.listen-client-urls", listenClientUrls);
        UrlLists.checkNoSocketFiles("quorate.listen-client-urls", listenClientUrls);
        check(
                !advertiseClientUrls.isEmpty() || listenClientUrls.equals(defaults),
                "quorate.advertise-client-urls",
                "''",
                "is required when quorate.listen-client-urls is set");
        listenClientUrls = List.copyOf(listenClientUrls);
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

    private static void notNegative(String property, Duration duration) {
        check(!duration.isNegative(), property, duration, "must not be negative");
    }
}
