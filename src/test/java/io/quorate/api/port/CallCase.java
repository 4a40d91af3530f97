package io.quorate.api.port;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import com.google.protobuf.Message;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An edge, and a client that writes gRPC frame by frame. */
abstract class CallCase {

    EdgeFixture edge;
    H2Client client;

    @BeforeEach
    void start() throws InterruptedException {
        edge = EdgeFixture.start();
        client = new H2Client(edge.port());
    }

    @AfterEach
    void stop() {
        client.close();
        edge.close();
    }

    /** Begins a call, with more fields: names and values in turn. */
    H2Client.Stream call(String path, String... more) throws InterruptedException {
        String[] fields = {"content-type", "application/grpc", "te", "trailers"};
        String[] all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return client.open(path, all);
    }

    static byte[] framed(Message message) {
        byte[] bytes = message.toByteArray();
        return Bytes.concat(new byte[] {0}, Ints.toByteArray(bytes.length), bytes);
    }
}
