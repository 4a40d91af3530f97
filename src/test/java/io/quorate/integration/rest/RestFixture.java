package io.quorate.integration.rest;

import io.quorate.fixture.MemberExtension;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What tests of the REST API share: one member for a class, a client, and for each test a name that no other has. */
abstract class RestFixture {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int PATIENCE_MILLIS = 180_000;

    /** Asks in nobody's name. */
    static RestClient client;

    /** Of what the test uses: keys, locks, users. */
    final String name = "t" + NAMES.incrementAndGet();

    /** The path of the test's keys. */
    final String keys = "/api/v1/keys/" + name;

    @BeforeAll
    static void connect() {
        client = new RestClient(MEMBER.member().clientUrl());
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    /** Sends bytes as they are, and returns what comes until the member ends the connection. */
    static String raw(String request) throws IOException {
        URI url = URI.create(MEMBER.member().clientUrl());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
