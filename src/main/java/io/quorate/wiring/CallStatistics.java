package io.quorate.wiring;

import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.grpc.ClientVersions;
import io.quorate.ops.CallMetrics.Calls;
import io.quorate.ops.CallMetrics.ClientRequests;
import io.quorate.ops.CallMetrics.MethodCalls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What was counted about calls, as operators see it. */
record CallStatistics(CallCounters counters, ClientVersions versions) implements Supplier<Calls> {

    @Override
    public Calls get() {
        List<ClientRequests> requests = new ArrayList<>();
        for (ClientVersions.VersionCalls version : versions.read()) {
            requests.add(new ClientRequests("unary", version.version(), version.unary()));
            requests.add(new ClientRequests("stream", version.version(), version.streams()));
        }
        return new Calls(
                counters.methods().stream().map(CallStatistics::method).toList(),
                requests,
                counters.receivedBytes(),
                counters.sentBytes(),
                counters.slowCount());
    }

    private static MethodCalls method(CallCounters.MethodCounter counter) {
        Map<String, Long> handled = new LinkedHashMap<>();
        for (Status.Code code : Status.Code.values()) {
            handled.put(goName(code), counter.handled(code));
        }
        return new MethodCalls(
                Objects.requireNonNull(counter.method().getServiceName()),
                Objects.requireNonNull(counter.method().getBareMethodName()),
                type(counter.method().getType()),
                counter.started(),
                counter.received(),
                counter.sent(),
                handled);
    }

    /** As etcd's library names it. */
    static String type(MethodType type) {
        return switch (type) {
            case UNARY -> "unary";
            case CLIENT_STREAMING -> "client_stream";
            case SERVER_STREAMING -> "server_stream";
            case BIDI_STREAMING -> "bidi_stream";
            case UNKNOWN -> "unknown";
        };
    }

    /** The library that etcd uses writes codes as in {@code InvalidArgument}, and these two in their own way. */
    private static String goName(Status.Code code) {
        if (code == Status.Code.OK) {
            return "OK";
        }
        if (code == Status.Code.CANCELLED) {
            return "Canceled";
        }
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
