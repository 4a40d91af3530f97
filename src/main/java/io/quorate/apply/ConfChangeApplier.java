package io.quorate.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import java.util.ArrayList;
import java.util.List;

/** Applies membership changes: to the members as stored, and to the configuration that Raft counts with. */
public final class ConfChangeApplier {

    private final Membership membership;
    private final io.quorate.node.RaftNode node;
    private ConfState confState;

    public ConfChangeApplier(Membership membership, io.quorate.node.RaftNode node, ConfState confState) {
        this.membership = membership;
        this.node = node;
        this.confState = confState;
    }

    /** The configuration after the last applied change. */
    ConfState confState() {
        return confState;
    }

    void apply(Entry entry, boolean isNew) {
        try {
            var change = io.quorate.proto.raftpb.ConfChange.parseFrom(entry.data());
            if (isNew) {
                Member member = MemberJson.decode(change.getContext().toByteArray());
                membership.put(member);
            }
            List<Long> voters = new ArrayList<>(confState.voters());
            voters.add(change.getNodeId());
            confState = ConfState.ofVoters(voters);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("entry " + entry.index() + " is no membership change", e);
        }
        node.confChangeApplied(new io.quorate.raft.confchange.ConfChange(0, new byte[0]), confState);
    }
}
