package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import java.util.function.IntConsumer;

/**
 * What a member knows of a program that it is a part of and that is not its own. A bean of this kind is there only in such members.
 *
 * @param clock what leases are measured by
 * @param failed learns the exit code of a fatal error, in place of the end of the process; the context is closed by then
 */
record Hosting(MonotonicClock clock, IntConsumer failed) {}
