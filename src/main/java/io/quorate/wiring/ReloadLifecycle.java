package io.quorate.wiring;

import io.quorate.base.AgentThread;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.context.SmartLifecycle;

/** Runs a thread that follows files, where there are files to follow. */
@RequiredArgsConstructor
class ReloadLifecycle implements SmartLifecycle {

    private final List<AgentThread> threads;
    private volatile boolean running;

    @Override
    public void start() {
        threads.forEach(AgentThread::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        threads.forEach(AgentThread::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.PEERS;
    }
}
