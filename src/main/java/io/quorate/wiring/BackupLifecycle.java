package io.quorate.wiring;

import io.quorate.assembly.BackupAssembly;
import lombok.RequiredArgsConstructor;
import org.springframework.context.SmartLifecycle;

/** Backups begin behind the run loop, and end before it. */
@RequiredArgsConstructor
class BackupLifecycle implements SmartLifecycle {

    private final BackupAssembly backups;
    private volatile boolean running;

    @Override
    public void start() {
        backups.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        backups.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.BACKUPS;
    }
}
