package io.quorate.ops;

import lombok.RequiredArgsConstructor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The part {@code memberThreads} of health: the threads of consensus, log and apply run. One that died leaves a member that
 * answers nothing any more, which a restart cures; so this belongs to liveness.
 */
@RequiredArgsConstructor
public class ThreadsHealthIndicator implements HealthIndicator {

    private final MemberStatus status;

    @Override
    public Health health() {
        return status.threadsAlive()
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", "a thread of the member ended")
                        .build();
    }
}
