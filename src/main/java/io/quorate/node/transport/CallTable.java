package io.quorate.node.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Answers the calls of other members by their numbers. */
public final class CallTable implements CallHandler {

    private final Map<Integer, CallHandler> handlers = new HashMap<>();
    private final CallHandler rest;

    /** @param rest answers all numbers that nobody else does */
    public CallTable(CallHandler rest) {
        this.rest = rest;
    }

    /** Sets what answers a call; before the first one arrives. */
    public CallTable with(int method, CallHandler handler) {
        handlers.put(method, handler);
        return this;
    }

    /** Sets what answers some calls; before the first one arrives. */
    public CallTable with(IntStream methods, CallHandler handler) {
        methods.forEach(method -> with(method, handler));
        return this;
    }

    @Override
    public CompletionStage<byte[]> call(long from, int method, byte[] request) {
        return handlers.getOrDefault(method, rest).call(from, method, request);
    }
}
