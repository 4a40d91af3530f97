package io.quorate.bootstrap;

import io.quorate.node.transport.PeerNetwork;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.RequiredArgsConstructor;

/** Acts once, when enough members can be reached for the first time to elect a leader. */
@RequiredArgsConstructor
public final class FirstQuorum implements Runnable {

    private final PeerNetwork network;
    private final ClusterDirectory directory;
    /** Whether the settings want that at all. */
    private final boolean wanted;

    private final Runnable action;
    private final AtomicBoolean done = new AtomicBoolean();

    @Override
    public void run() {
        boolean quorum = wanted && network.activeCount() + 1 > directory.peers().size() / 2;
        if (quorum && done.compareAndSet(false, true)) {
            action.run();
        }
    }
}
