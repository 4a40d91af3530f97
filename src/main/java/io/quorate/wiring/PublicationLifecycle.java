package io.quorate.wiring;

import io.quorate.base.Fault;
import io.quorate.base.ShutdownInterrupt;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.server.ErrorChannel;
import io.quorate.server.Publisher;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Holds the start up until the cluster knows this member, since clients are served only then. The port for operators is open
 * meanwhile: a member without a leader is alive, though not ready, and no supervisor shall restart it for that.
 */
@Slf4j
class PublicationLifecycle extends StartStep {

    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

    private final Publisher publisher;
    private final EnrolmentRegister register;
    private final ErrorChannel errors;
    private final ApplicationEventPublisher events;

    PublicationLifecycle(
            Publisher publisher, EnrolmentRegister register, ErrorChannel errors, ApplicationEventPublisher events) {
        super(Phases.PUBLICATION);
        this.publisher = publisher;
        this.register = register;
        this.errors = errors;
        this.events = events;
    }

    @Override
    void run() {
        AvailabilityChangeEvent.publish(events, this, LivenessState.CORRECT);
        boolean unused = ShutdownInterrupt.run(this::awaitPublished);
    }

    private void awaitPublished() throws InterruptedException {
        while (true) {
            if (errors.failure() != null) {
                return; // the log says why, and the process is about to end
            }
            try {
                publisher.published().get(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                register.published();
                return;
            } catch (TimeoutException e) {
                log.warn("waiting for a leader before serving clients");
            } catch (ExecutionException e) {
                throw new Fault("the member could not make itself known", e);
            }
        }
    }
}
