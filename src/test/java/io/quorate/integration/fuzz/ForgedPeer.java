package io.quorate.integration.fuzz;

import io.quorate.fixture.TestMember;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerDirectory;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerReceivers;
import io.quorate.node.transport.PeerSettings;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.util.List;
import java.util.Set;

/** Somebody who speaks the peer protocol in clear text, and proposes what no member would. One thread. */
final class ForgedPeer implements AutoCloseable {

    private static final long ID = 0xbad;

    private final long target;
    private final PeerNetwork network;

    ForgedPeer(TestMember member, long clusterId, long memberId) {
        target = memberId;
        PeerIdentity self = new PeerIdentity(clusterId, ID, "3.7.0");
        network = new PeerNetwork(self, PeerDirectory.of(PeerAddress.of(member.peerUrl())), PeerSettings.DEFAULT);
        network.connect(PeerReceivers.NONE);
        network.setPeers(Set.of(memberId));
    }

    boolean isConnected() {
        return network.reaches(target);
    }

    void propose(EntryType type, byte[] data) {
        network.send(List.of(Message.builder()
                .type(MessageType.PROP)
                .from(ID)
                .to(target)
                .entries(List.of(new Entry(0, 0, type, data)))
                .build()));
    }

    @Override
    public void close() {
        network.close();
    }
}
