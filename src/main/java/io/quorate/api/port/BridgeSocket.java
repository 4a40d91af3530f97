package io.quorate.api.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The meeting point of the client port and Tomcat: a Unix domain socket in a directory that only this user may enter,
 * and the requests that are on their way through it.
 *
 * <p>Tomcat cannot see the client behind a request on that socket, so each carries a random token by which its peer is found
 * here. The token is also what Tomcat demands of every request.
 */
@Slf4j
final class BridgeSocket implements AutoCloseable {

    /** Carries the token; a client's own field of this name is dropped. */
    static final String TOKEN_FIELD = "x-quorate-bridge";

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The kernel's limit for the path of a socket is 108 bytes, with the final zero. */
    private static final int PATH_BYTES_MAX = 100;

    private final Path directory;
    private final Map<String, BridgedClient> clients = new ConcurrentHashMap<>();

    BridgeSocket() {
        try {
            this.directory = createDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException("no private directory for the socket to Tomcat", e);
        }
    }

    private static Path createDirectory() throws IOException {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        Path parent = usual.toString().length() + 32 > PATH_BYTES_MAX ? Path.of("/tmp") : usual;
        return Files.createTempDirectory(parent, "edge-", onlyOwner);
    }

    Path path() {
        return directory.resolve("http");
    }

    SocketAddress address() {
        return EventLoops.unixAddress(path());
    }

    /**
     * The owner of the directory. Tomcat would compare with the name of the user otherwise, and in a container the user often
     * has none.
     */
    String owner() {
        try {
            return Files.getOwner(directory).getName();
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of the socket to Tomcat is gone", e);
        }
    }

    /** Announces a request; returns its token. */
    String admit(RemoteClient peer) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        clients.put(token, new BridgedClient(peer));
        return token;
    }

    /** The request is over: its answer has left, or its client is gone. */
    void dismiss(String token) {
        BridgedClient client = clients.remove(token);
        if (client != null) {
            client.leave();
        }
    }

    /** The client that sent the request with this token; absent when no such request was announced. */
    @Nullable
    BridgedClient client(@Nullable String token) {
        return token == null ? null : clients.get(token);
    }

    /**
     * Removes the directory once Tomcat has removed its socket. Beans end before Tomcat does, so this is called at both
     * ends, and the last attempt succeeds.
     */
    @Override
    public void close() {
        if (Files.exists(path())) {
            return;
        }
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            log.debug("Socket directory {} is left behind", directory, e);
        }
    }
}
