package io.quorate.base;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Ports on loopback that nobody listens on. Choose a range below the one that systems take for outgoing connections (32768 on Linux), so
 * that no client gets the port of a member while that is stopped. Any thread.
 */
public final class LoopbackPorts {

    private static final int ATTEMPTS = 1_000;

    private LoopbackPorts() {}

    /**
     * One of them. Another process may take it before it is used.
     *
     * @param first of the range
     * @param end behind the last of the range
     * @param wanted says no to ports that are planned for others
     * @throws IllegalStateException if none was found
     */
    public static int free(int first, int end, IntPredicate wanted) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(first, end);
            if (wanted.test(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port was found between " + first + " and " + end);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false; // in use: that is the answer
        }
    }
}
