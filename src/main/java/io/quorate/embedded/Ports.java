package io.quorate.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Ports on loopback that nobody listens on. They lie below those that systems take for outgoing connections, so that no client gets
 * the port of a member while that is stopped.
 */
final class Ports {

    private static final int FIRST = 12_000;
    private static final int LAST = 20_000;
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /**
     * One of them. Another process may take it before it is used.
     *
     * @param wanted says no to ports that are planned for others
     * @throws IllegalStateException if none was found
     */
    static int free(IntPredicate wanted) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (wanted.test(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port was found between " + FIRST + " and " + LAST);
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
