package io.quorate.wiring;

import io.quorate.server.ErrorChannel;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/** Says in the log that the member was told to stop, before it begins to. */
@Slf4j
@RequiredArgsConstructor
class StopAnnouncement implements ApplicationListener<ContextClosedEvent> {

    private final ErrorChannel errors;

    /** The context of the port for operators tells of its end, too. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        ApplicationContext closed = event.getApplicationContext();
        if (closed.getParent() == null && errors.failure() == null) {
            log.info("told to stop: clients are sent away, then the leadership is handed over if this member has it");
        }
    }
}
