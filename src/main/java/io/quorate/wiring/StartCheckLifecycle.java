package io.quorate.wiring;

import io.quorate.integrity.StartCheck;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.context.SmartLifecycle;

/** Compares the history with that of the other members when they can be reached and consensus does not run yet. */
@RequiredArgsConstructor
class StartCheckLifecycle implements SmartLifecycle {

    private final StartCheck check;
    private final boolean wanted;
    private final StateRepair repair;
    private volatile boolean running;

    @Override
    public void start() {
        running = true;
        if (wanted) {
            boolean unused = ShutdownInterrupt.run(() -> refuse(check.differingMember()));
        }
    }

    private void refuse(Optional<Long> differing) {
        if (differing.isPresent()) {
            throw repair.refusal("member " + Long.toHexString(differing.get()) + " has another history");
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.START_CHECK;
    }
}
