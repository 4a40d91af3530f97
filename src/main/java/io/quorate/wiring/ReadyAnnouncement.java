package io.quorate.wiring;

import io.quorate.api.port.ClientPortLifecycle;
import io.quorate.proposal.LinearizableReader;
import java.util.concurrent.CompletionStage;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Says in the log that clients can come, once the ports are open and a linearizable read went through: what scripts that
 * start members wait for.
 */
@Slf4j
@RequiredArgsConstructor
class ReadyAnnouncement implements ApplicationListener<ApplicationReadyEvent> {

    private final LinearizableReader reader;
    private final RunLoopLifecycle member;
    private final ClientPortLifecycle clientPort;

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        read();
    }

    private void read() {
        CompletionStage<?> unused = reader.awaitLinearizable().whenComplete((ignored, failure) -> announce(failure));
    }

    private void announce(@Nullable Throwable failure) {
        if (failure == null) {
            log.info("ready to serve client requests on {}", clientPort.listenAddresses());
        } else if (member.isRunning()) {
            log.warn("no linearizable read has succeeded yet, will retry: {}", failure.toString());
            read();
        }
    }
}
