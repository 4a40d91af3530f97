package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is left in the log by a member that ends. */
class ErrorChannelTests {

    private final Logger log = (Logger) LoggerFactory.getLogger(ErrorChannel.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final List<Throwable> ends = new ArrayList<>();
    private final ErrorChannel errors = new ErrorChannel(Path.of("m1.etcd"), failure -> 6, ends::add);

    @BeforeEach
    void capture() {
        events.start();
        log.addAppender(events);
    }

    @AfterEach
    void release() {
        log.detachAppender(events);
    }

    private List<String> lines() {
        return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void fatalWhenTheCauseIsKnownTellsReasonCureAndExitCodeWithoutAStackTrace() {
        errors.fatal(new LostLogException("the log is gone", "Look for it."));
        errors.fatal(new IllegalStateException("a later one"));
        assertThat(lines())
                .containsExactly("the member stops after a fatal error: the log is gone", "Look for it. (exit code 6)");
        assertThat(events.list).allMatch(event -> event.getThrowableProxy() == null);
        assertThat(ends).hasSize(1);
    }

    @Test
    void fatalWhenTheDiskIsFullTellsItWithoutAStackTrace() {
        errors.fatal(new Fault("a write failed", new IOException("No space left on device")));
        assertThat(lines().getLast()).startsWith("The disk of m1.etcd is full.").endsWith("(exit code 6)");
        assertThat(events.list).allMatch(event -> event.getThrowableProxy() == null);
    }

    @Test
    void fatalWhenItIsADefectTellsWhereOnce() {
        errors.fatal(new IllegalStateException());
        assertThat(lines().getFirst()).isEqualTo("the member stops after a fatal error: IllegalStateException");
        assertThat(events.list.getFirst().getThrowableProxy()).isNotNull();
        assertThat(lines().getLast()).contains("Keep the data directory m1.etcd", "(exit code 6)");
    }

    @Test
    void fatalWhenAQuotaOfTheDiskIsUsedUpTellsThatItIsFull() {
        errors.fatal(new Fault("a write failed", new IOException("Disk quota exceeded")));
        assertThat(lines().getLast()).startsWith("The disk of m1.etcd is full.");
    }

    @Test
    void fatalWhenAFaultKnowsTheCureTellsIt() {
        errors.fatal(new IllegalStateException("a job failed", Fault.curable("a bad entry", "Leave it out.")));
        assertThat(lines().getLast()).isEqualTo("Leave it out. (exit code 6)");
        assertThat(errors.failure()).hasMessage("a job failed");
    }
}
