package io.quorate.base;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How the file descriptors that a process has left are shared out, so that connections never take those which the store, the
 * log and the members need: a process that cannot open a file of its log has to end.
 *
 * <p>Example: of 1024 descriptors 150 are open, so 874 are left. A quarter, 218, is kept back: 109 for connections of
 * members, 54 for those of operators, the rest for the store and the log. Clients may have 656 connections.
 *
 * @param clients connections of clients
 * @param peers connections that other members open
 * @param operators connections to the port for operators
 */
public record FileDescriptors(int clients, int peers, int operators) {

    /** Kept back at least, as many as in etcd. */
    private static final long KEPT_MIN = 150;

    private static final long KEPT_MAX = 2048;
    private static final int KEPT_SHARE = 4;
    private static final int CLIENTS_MIN = 32;

    /**
     * Shares out what is left.
     *
     * @param most that the process may open
     * @param open that it has opened
     */
    public static FileDescriptors of(long most, long open) {
        long left = Math.max(0, most - open);
        long kept = Math.clamp(left / KEPT_SHARE, KEPT_MIN, KEPT_MAX);
        int clients = Math.clamp(left - kept, CLIENTS_MIN, Integer.MAX_VALUE);
        return new FileDescriptors(clients, Math.toIntExact(kept / 2), Math.toIntExact(kept / KEPT_SHARE));
    }

    /** Shares out what this process has left now; without a limit where the system tells none. */
    public static FileDescriptors ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? of(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                : of(Integer.MAX_VALUE, 0);
    }
}
