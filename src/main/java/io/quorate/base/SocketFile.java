package io.quorate.base;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The file of a Unix domain socket. A process that is killed leaves it behind, and then no process can listen there. */
public final class SocketFile {

    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    private SocketFile() {}

    /**
     * Makes way for a listener: removes a socket without a listener.
     *
     * @throws BindException if a process listens there, or the file is no socket
     */
    public static void makeWay(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Integer mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (mode == null || (mode & TYPE_MASK) != TYPE_SOCKET) {
            throw new BindException(path + " exists and is no socket");
        }
        if (isServed(path)) {
            throw new BindException("Address already in use: " + path);
        }
        Files.delete(path);
    }

    private static boolean isServed(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false; // the answer of a socket without a listener
        }
    }
}
