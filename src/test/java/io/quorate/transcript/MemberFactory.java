package io.quorate.transcript;

import io.quorate.raft.ConfState;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Snapshot;
import io.quorate.raft.readonly.PendingReads.ReadOnlyOption;
import io.quorate.transcript.Environment.CommandFailedException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Creates members as {@code add-nodes} asks for. */
final class MemberFactory {

    private final Directive directive;
    private final Output output;

    MemberFactory(Directive directive, Output output) {
        this.directive = directive;
        this.output = output;
    }

    void addTo(List<TranscriptMember> members) {
        Snapshot founding = founding();
        long count = directive.id(0);
        for (long i = 0; i < count; i++) {
            members.add(new TranscriptMember(config(members.size() + 1L), founding));
        }
    }

    private Snapshot founding() {
        String content = directive.value("content");
        ConfState confState =
                new ConfState(directive.ids("voters"), List.of(), directive.ids("learners"), List.of(), false);
        long index = directive.number("index", 0);
        if (confState.equals(ConfState.EMPTY) && index == 0 && content == null) {
            return Snapshot.EMPTY;
        }
        if (index <= 1) {
            throw new CommandFailedException("index must be specified as > 1 due to bootstrap");
        }
        byte[] data = content == null ? new byte[0] : content.getBytes(StandardCharsets.UTF_8);
        return new Snapshot(index, 1, confState, data);
    }

    private RaftConfig config(long id) {
        boolean leaseBased = "lease-based".equals(directive.value("read-only"));
        return RaftConfig.builder()
                .id(id)
                .electionTicks(ClusterEnvironment.ELECTION_TICKS)
                .heartbeatTicks(1)
                .maxInflightMsgs((int) directive.number("inflight", Integer.MAX_VALUE))
                .maxSizePerMsg(directive.number("max-size-per-msg", Long.MAX_VALUE))
                .maxCommittedSizePerReady(directive.number("max-committed-size-per-ready", 0))
                .asyncStorageWrites(directive.flag("async-storage-writes"))
                .preVote(directive.flag("prevote"))
                .checkQuorum(directive.flag("checkquorum"))
                .readOnlyOption(leaseBased ? ReadOnlyOption.LEASE_BASED : ReadOnlyOption.SAFE)
                .disableConfChangeValidation(directive.flag("disable-conf-change-validation"))
                .stepDownOnRemoval(directive.flag("step-down-on-removal"))
                .applied(directive.number("index", 0))
                .random(ignored -> 0)
                .logger(output)
                .build();
    }
}
