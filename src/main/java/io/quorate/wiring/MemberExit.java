package io.quorate.wiring;

import io.quorate.ops.failure.ExitCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;

/** Ends the process, or its member, after a fatal error, with a code that says so; the context is closed in order first. */
@RequiredArgsConstructor
class MemberExit {

    /** What the code of a failure in general would hide. */
    private static final Set<ExitCode> OWN = EnumSet.of(ExitCode.REMOVED, ExitCode.CORRUPT_DATA, ExitCode.BAD_SETTING);

    private final ApplicationContext context;
    private final int exitCode;
    private final IntConsumer end;
    private final AtomicBoolean exiting = new AtomicBoolean();

    /** What the process ends with after such an error. */
    int code(Throwable cause) {
        ExitCode known = ExitCode.of(cause);
        return OWN.contains(known) ? known.getExitCode() : exitCode;
    }

    /** Does not return: the process ends meanwhile. */
    void awaitEnd() {
        while (true) {
            LockSupport.park(this);
        }
    }

    /** Called by the run loop, whose thread must not wait for its own end. */
    void fatal(Throwable cause) {
        if (exiting.compareAndSet(false, true)) {
            int code = code(cause);
            Thread.ofPlatform().name("exit").start(() -> end.accept(SpringApplication.exit(context, () -> code)));
        }
    }
}
