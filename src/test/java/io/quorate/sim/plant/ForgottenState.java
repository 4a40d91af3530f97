package io.quorate.sim.plant;

import io.quorate.raft.HardState;
import io.quorate.sim.core.LogImage;
import io.quorate.sim.core.Plant;
import org.jspecify.annotations.Nullable;

/** What a crash takes although it was promised to stay. */
final class ForgottenState {

    private ForgottenState() {}

    static final class Never implements Plant {

        @Override
        public @Nullable HardState written(@Nullable HardState state) {
            return null;
        }
    }

    static final class Vote implements Plant {

        @Override
        public void crashed(LogImage durable) {
            HardState state = durable.hardState();
            durable.setHardState(new HardState(state.term(), 0, state.commit()));
        }
    }

    static final class Tail implements Plant {

        private static final int LOST = 3;

        @Override
        public void crashed(LogImage durable) {
            durable.truncateBehind(durable.lastIndex() - LOST);
        }
    }
}
