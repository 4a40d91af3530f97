package io.quorate.wiring;

import io.quorate.base.ShutdownInterrupt;
import io.quorate.integrity.StartCheck;
import io.quorate.repair.StateRepair;
import java.util.Optional;

/** Compares the history with that of the other members when they can be reached and consensus does not run yet. */
class StartCheckLifecycle extends StartStep {

    private final StartCheck check;
    private final boolean wanted;
    private final StateRepair repair;

    StartCheckLifecycle(StartCheck check, boolean wanted, StateRepair repair) {
        super(Phases.START_CHECK);
        this.check = check;
        this.wanted = wanted;
        this.repair = repair;
    }

    @Override
    void run() {
        if (wanted) {
            boolean unused = ShutdownInterrupt.run(() -> refuse(check.differingMember()));
        }
    }

    private void refuse(Optional<Long> differing) {
        if (differing.isPresent()) {
            throw repair.refusal("member " + Long.toHexString(differing.get()) + " has another history");
        }
    }
}
