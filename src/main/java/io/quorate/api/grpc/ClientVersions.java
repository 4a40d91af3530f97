package io.quorate.api.grpc;

import io.grpc.Metadata;
import io.quorate.api.headers.GrpcHeaders;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls by the version that clients say to speak. The text is the client's, so only so many different ones are kept
 * apart; the rest is counted together. A client that says the same as the one before it costs a comparison of bytes.
 */
public final class ClientVersions implements Metered {

    private static final int VERSIONS_MAX = 64;
    private static final String UNSAID = "unknown";
    private static final String OTHERS = "other";

    private static final Metadata.Key<byte[]> VERSION = GrpcHeaders.rawKey("client-api-version");

    private record Count(byte[] sent, String text, LongAdder unary, LongAdder streams) {

        static Count of(String text) {
            return new Count(text.getBytes(StandardCharsets.UTF_8), text, new LongAdder(), new LongAdder());
        }
    }

    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private final Count unsaid = Count.of(UNSAID);
    private volatile Count newest = unsaid;

    public ClientVersions() {
        counts.put(UNSAID, unsaid);
    }

    /**
     * Counts a call.
     *
     * @return false, and nothing is counted, when the version is not UTF-8
     */
    boolean count(boolean unary, Metadata headers) {
        byte[] sent = headers.get(VERSION);
        Count count = sent == null ? unsaid : find(sent);
        if (count == null) {
            return false;
        }
        (unary ? count.unary() : count.streams()).increment();
        return true;
    }

    private @Nullable Count find(byte[] sent) {
        Count last = newest;
        if (Arrays.equals(last.sent(), sent)) {
            return last;
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(sent))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        boolean room = counts.size() < VERSIONS_MAX || counts.containsKey(text);
        Count count = counts.computeIfAbsent(room ? text : OTHERS, Count::of);
        newest = count;
        return count;
    }

    @Override
    public void register(Meters meters) {
        meters.counters(
                "etcd_server_client_requests_total",
                "Calls by the version that the client says to be.",
                points -> counts.values().forEach(count -> {
                    points.add(count.unary().sum(), "type", "unary", "client_api_version", count.text());
                    points.add(count.streams().sum(), "type", "stream", "client_api_version", count.text());
                }));
    }
}
