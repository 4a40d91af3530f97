package io.quorate.api.port;

import io.quorate.tls.TlsHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import lombok.With;
import org.jspecify.annotations.Nullable;

/**
 * Everything the client port can be told. The defaults are etcd's.
 *
 * @param listen at least one address, none twice
 * @param tls what secures connections to addresses that are {@link ListenAddress#secure()}; required if there is one
 * @param maxRequestBytes limit of a proposal; a received message may be {@value #RECEIVE_SLACK_BYTES} bytes larger
 * @param maxConcurrentStreams per HTTP/2 connection, 1 to 2^32-1
 * @param keepAliveMinTime shortest interval between a client's pings that is tolerated while a call goes on; 0 for five minutes
 * @param keepAliveInterval how long a connection may be silent before the server pings it; 0 never pings
 * @param keepAliveTimeout how long the answer to such a ping may take
 * @param maxMetadataBytes limit of a request's headers, a long token among them
 * @param negotiationTimeout how long a new connection may take for its TLS handshake and its first bytes
 * @param httpIdleTimeout how long an HTTP/1.1 connection may be open without a request
 * @param shutdownGrace how long running calls may take to end when the server stops
 * @param corsOrigins origins that browsers may call from; {@code *} is all of them, empty is none
 * @param hostWhitelist values of {@code Host} accepted over clear text; {@code *} is all of them
 * @param eventLoopThreads 0 for one per processor
 * @param messageMemoryBytes what requests and answers may take of the heap; 0 for what the process can spare
 * @param bufferMemoryBytes what streams may have framed outside the heap; 0 for what the process can spare
 * @param memoryPatience how long a call waits for memory before it is refused
 * @param connectionsMax how many connections may be open at a time
 */
@With
public record ClientPortSettings(
        List<ListenAddress> listen,
        @Nullable TlsHandlers tls,
        int maxRequestBytes,
        long maxConcurrentStreams,
        Duration keepAliveMinTime,
        Duration keepAliveInterval,
        Duration keepAliveTimeout,
        int maxMetadataBytes,
        Duration negotiationTimeout,
        Duration httpIdleTimeout,
        Duration shutdownGrace,
        Set<String> corsOrigins,
        Set<String> hostWhitelist,
        int eventLoopThreads,
        long messageMemoryBytes,
        long bufferMemoryBytes,
        Duration memoryPatience,
        int connectionsMax) {

    /** What a message may have beyond the proposal it carries. */
    public static final int RECEIVE_SLACK_BYTES = 512 * 1024;

    public ClientPortSettings {
        listen = List.copyOf(listen);
        corsOrigins = Set.copyOf(corsOrigins);
        hostWhitelist = Set.copyOf(hostWhitelist);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("'listen' must name at least one address");
        }
        if (tls == null && listen.stream().anyMatch(ListenAddress::secure)) {
            throw new IllegalArgumentException("'tls' must be set to listen on " + listen);
        }
        if (listen.stream().distinct().count() != listen.size()) {
            throw new IllegalArgumentException("'listen' names an address twice: " + listen);
        }
        for (ListenAddress one : listen) {
            if (listen.stream()
                    .anyMatch(other -> other.sharesSocketWith(one) && other.protocols() != one.protocols())) {
                throw new IllegalArgumentException("'listen' serves two kinds of protocols at " + one);
            }
        }
        if (maxRequestBytes < 1 || maxRequestBytes > Integer.MAX_VALUE - RECEIVE_SLACK_BYTES) {
            throw new IllegalArgumentException("'maxRequestBytes' is out of range: " + maxRequestBytes);
        }
        if (maxConcurrentStreams < 1) {
            throw new IllegalArgumentException("'maxConcurrentStreams' must be positive: " + maxConcurrentStreams);
        }
    }

    /** etcd's defaults for the given listeners, in clear text. */
    public static ClientPortSettings defaults(ListenAddress... listen) {
        return defaults(null, List.of(listen));
    }

    /** etcd's defaults for the given listeners. */
    public static ClientPortSettings defaults(@Nullable TlsHandlers tls, List<ListenAddress> listen) {
        return new ClientPortSettings(
                listen,
                tls,
                1_572_864,
                4_294_967_295L,
                Duration.ofSeconds(5),
                Duration.ofHours(2),
                Duration.ofSeconds(20),
                256 * 1024,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Set.of("*"),
                Set.of("*"),
                0,
                0,
                0,
                Duration.ofSeconds(5),
                Integer.MAX_VALUE);
    }

    /** Largest message accepted from a client. */
    public int maxReceiveBytes() {
        return maxRequestBytes + RECEIVE_SLACK_BYTES;
    }
}
