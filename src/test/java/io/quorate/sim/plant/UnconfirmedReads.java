package io.quorate.sim.plant;

import io.quorate.raft.RaftConfig;
import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.raft.readonly.PendingReads.ReadOnlyOption;
import io.quorate.sim.core.CoreMember;
import io.quorate.sim.core.Plant;
import java.util.List;

/** Reads that no quorum has confirmed after they were asked for. */
final class UnconfirmedReads {

    private UnconfirmedReads() {}

    static final class Alone implements Plant {

        @Override
        public boolean answersReadAlone(CoreMember member) {
            return member.status().role() == Role.LEADER;
        }
    }

    /** A lease that crashes, stopped processes and clocks of different speeds do not respect. */
    static final class ByLease implements Plant {

        @Override
        public void configure(RaftConfig.RaftConfigBuilder settings) {
            settings.checkQuorum(true).readOnlyOption(ReadOnlyOption.LEASE_BASED);
        }
    }

    /** Having heard of a quorum before the request passes for being confirmed after it. */
    static final class EarlierContact implements Plant {

        @Override
        public boolean answersReadAlone(CoreMember member) {
            Status status = member.status();
            List<Long> voters = status.confState().voters();
            long active = status.progress().stream()
                    .filter(peer -> peer.recentlyActive() && voters.contains(peer.id()))
                    .count();
            return status.role() == Role.LEADER && active > voters.size() / 2;
        }
    }
}
