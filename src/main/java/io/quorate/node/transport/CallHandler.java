package io.quorate.node.transport;

import java.util.concurrent.CompletionStage;

/** Answers the calls of other members. Called by the event loop, must not block. */
@FunctionalInterface
public interface CallHandler {

    /**
     * Answers a call.
     *
     * @param from the member that asks
     * @param method what it asks for
     * @param request its question
     * @return the answer; a failure goes back as the error of the request that it is, any other as its message
     */
    CompletionStage<byte[]> call(long from, int method, byte[] request);
}
