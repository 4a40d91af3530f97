package io.quorate.wiring;

import io.quorate.base.AgentThread;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.context.SmartLifecycle;

/** Runs threads that are there before any port and after all of them, such as those that follow files; or none. */
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
