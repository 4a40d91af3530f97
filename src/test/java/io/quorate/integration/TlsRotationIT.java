package io.quorate.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestAuthority.Leaf;
import io.quorate.fixture.TestMember;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of a member and the authority of its clients are exchanged while clients connect all the time. */
class TlsRotationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTORS = 4;
    private static final int READ_TIMEOUT_MS = 20_000;

    private static final TestAuthority OLD = new TestAuthority("old");
    private static final TestAuthority NEW = new TestAuthority("new");
    private static final Leaf OLD_CLIENT = OLD.issue("client");
    private static final Leaf NEW_CLIENT = NEW.issue("client");

    @TempDir
    private static Path files;

    /** Opens a connection for each request, and keeps one open for many. */
    private static final class Load implements AutoCloseable {

        private final TestMember member;
        private final List<Thread> threads = new ArrayList<>();
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final AtomicLong done = new AtomicLong();
        private volatile SSLContext identity = OLD_CLIENT.context(OLD, NEW);
        private volatile boolean ending;

        Load(TestMember member) throws IOException {
            this.member = member;
            for (int i = 0; i < CONNECTORS; i++) {
                threads.add(Thread.ofPlatform().start(() -> run(() -> put(identity))));
            }
            GrpcConnection lasting = GrpcConnection.to(member, credentials());
            threads.add(Thread.ofPlatform().start(() -> {
                run(() -> lasting.put("lasting", "1"));
                lasting.close();
            }));
        }

        private static ChannelCredentials credentials() throws IOException {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(stream(OLD.pem() + "\n" + NEW.pem()))
                    .keyManager(stream(OLD_CLIENT.certificate()), stream(OLD_CLIENT.key()))
                    .build();
        }

        private static ByteArrayInputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(US_ASCII));
        }

        private interface Request {

            Object send() throws IOException;
        }

        private void run(Request request) {
            while (!ending) {
                try {
                    request.send();
                    done.incrementAndGet();
                } catch (IOException | RuntimeException failure) {
                    failures.add(failure);
                }
            }
        }

        /** One request on a connection of its own. */
        String put(SSLContext context) throws IOException {
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", member.clientPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.setSoTimeout(READ_TIMEOUT_MS);
                String body = "{\"key\":\"a2V5\",\"value\":\"MQ==\"}";
                String request = "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body;
                socket.getOutputStream().write(request.getBytes(US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
                if (!answer.startsWith("HTTP/1.1 200")) {
                    throw new IOException(answer);
                }
                return answer;
            }
        }

        /** So many more requests succeed, so that each connector has begun another one. */
        void goOn() {
            long goal = done.get() + 40L * CONNECTORS;
            await().atMost(PATIENCE).until(() -> done.get() >= goal || !failures.isEmpty());
            assertThat(failures).isEmpty();
        }

        @Override
        public void close() throws InterruptedException {
            ending = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void install(String authorities) {
        TestAuthority.replace(files.resolve("ca.crt"), authorities);
    }

    private static void awaitLine(TestMember member, String words, int count) {
        await(words + " " + count + " times")
                .atMost(PATIENCE)
                .until(() -> member.output()
                                .lines()
                                .filter(line -> line.contains(words))
                                .count()
                        >= count);
    }

    @Test
    void clientsWhenKeyAndAuthorityAreRotatedNoticeNothing() throws Exception {
        String inUse = "client port: changed files are in use for new connections";
        install(OLD.pem());
        OLD.issue("server", "127.0.0.1").writeTo(files, "server");
        try (TestMember member = TestMember.create(Map.of(
                                "cert-file", files.resolve("server.crt").toString(),
                                "key-file", files.resolve("server.key").toString(),
                                "trusted-ca-file", files.resolve("ca.crt").toString()))
                        .start();
                Load load = new Load(member)) {
            load.goOn();
            install(OLD.pem() + NEW.pem());
            awaitLine(member, inUse, 1);
            load.goOn();

            install((OLD.pem() + NEW.pem()).substring(0, OLD.pem().length() + 80));
            awaitLine(member, "changed files cannot be used, those of before stay in use", 1);
            load.goOn();

            install(OLD.pem() + NEW.pem());
            NEW.issue("server", "127.0.0.1").writeTo(files, "server");
            awaitLine(member, inUse, 2);
            load.goOn();

            load.identity = NEW_CLIENT.context(NEW);
            load.goOn();
            install(NEW.pem());
            awaitLine(member, inUse, 3);
            load.goOn();
            assertThatThrownBy(() -> load.put(OLD_CLIENT.context(NEW))).isInstanceOf(IOException.class);
            load.goOn();
        }
    }
}
