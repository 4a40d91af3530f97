package io.quorate.sim.plant;

import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import io.quorate.sim.core.Plant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A state machine that does not do what the log says. */
final class BrokenApplication {

    /** Every so many entries. */
    private static final long EVERY = 40;

    private BrokenApplication() {}

    static final class OldMembers implements Plant {

        private @Nullable ConfState first;

        @Override
        public Snapshot taken(Snapshot snapshot) {
            if (first == null) {
                first = snapshot.confState();
            }
            return new Snapshot(snapshot.index(), snapshot.term(), first, snapshot.data());
        }
    }

    static final class Twice implements Plant {

        private final Set<Long> done = new HashSet<>();

        @Override
        public boolean appliesAgain(long index) {
            return index % EVERY == 0 && done.add(index);
        }
    }

    static final class Skips implements Plant {

        private final Set<Long> done = new HashSet<>();

        @Override
        public boolean skips(long index) {
            return index % EVERY == 0 && done.add(index);
        }
    }
}
