package io.quorate.wiring;

import io.quorate.bootstrap.ClusterDirectory;
import io.quorate.bootstrap.LoneStart;
import io.quorate.config.ClusterSettings;
import io.quorate.config.MemberUrl;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.SmartLifecycle;

/** Opens the peer port before consensus runs and closes it after. */
@Slf4j
@RequiredArgsConstructor
class PeerLifecycle implements SmartLifecycle {

    private final PeerNetwork network;
    private final ClusterDirectory directory;
    private final ClusterSettings cluster;

    /** Answers on the peer port until this does. */
    private final LoneStart before;

    private volatile boolean running;

    @Override
    public void start() {
        before.close();
        try {
            for (MemberUrl url : cluster.listenPeerUrls()) {
                network.listen(PeerAddress.of(url.toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        network.setPeers(directory.peers());
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        network.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.PEERS;
    }
}
