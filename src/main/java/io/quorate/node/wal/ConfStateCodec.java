package io.quorate.node.wal;

import io.quorate.raft.ConfState;

/** The configuration as the log, snapshot files and peers carry it. */
public final class ConfStateCodec {

    private ConfStateCodec() {}

    /** The message; as in etcd, {@code auto_leave} is present even when false. */
    public static io.quorate.proto.raftpb.ConfState encode(ConfState confState) {
        return io.quorate.proto.raftpb.ConfState.newBuilder()
                .addAllVoters(confState.voters())
                .addAllLearners(confState.learners())
                .addAllVotersOutgoing(confState.votersOutgoing())
                .addAllLearnersNext(confState.learnersNext())
                .setAutoLeave(confState.autoLeave())
                .build();
    }

    /** The value of a message. */
    public static ConfState decode(io.quorate.proto.raftpb.ConfState message) {
        return new ConfState(
                message.getVotersList(),
                message.getVotersOutgoingList(),
                message.getLearnersList(),
                message.getLearnersNextList(),
                message.getAutoLeave());
    }
}
