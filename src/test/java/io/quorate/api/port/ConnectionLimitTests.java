package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Connections that do nothing take no more file descriptors than clients may have. */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitTests {

    private static final int MOST = 20;
    private static final byte[] REQUEST =
            "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final EdgeFixture edge = EdgeFixture.start(options -> options.withConnectionsMax(MOST));
    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        edge.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        open.add(socket);
        return socket;
    }

    private static boolean isServed(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write(REQUEST);
            return socket.getInputStream().read() == 'H';
        } catch (SocketException e) {
            return false; // closed before it was read
        }
    }

    @Test
    void connectionWhenTooManyAreOpenIsClosedUntilOneEnds(CapturedOutput output) throws IOException {
        List<Socket> served = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            Socket socket = connect();
            assertThat(isServed(socket)).isTrue();
            served.add(socket);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(isServed(connect())).isFalse();
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("Closed a new connection")))
                .singleElement()
                .asString()
                .contains("20 connections of clients are open")
                .contains("ulimit -n");
        assertThat(output).doesNotContain("Exception");

        served.getFirst().close();
        await().until(() -> isServed(connect()));
    }
}
