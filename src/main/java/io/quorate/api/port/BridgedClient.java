package io.quorate.api.port;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The client of one request that goes through the bridge. A servlet finds it in the attribute of this class's name. */
public final class BridgedClient {

    private final RemoteClient peer;
    private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

    BridgedClient(RemoteClient peer) {
        this.peer = peer;
    }

    /** The client itself. */
    public RemoteClient peer() {
        return peer;
    }

    /** Completed when the client has its answer, or does not wait for it any more; on an event loop, which must not be kept. */
    public CompletionStage<Boolean> gone() {
        return gone.minimalCompletionStage();
    }

    void leave() {
        gone.complete(true);
    }
}
