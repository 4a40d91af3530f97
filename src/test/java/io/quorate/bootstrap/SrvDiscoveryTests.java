package io.quorate.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.config.BadSettingException;
import io.quorate.config.InitialCluster;
import io.quorate.config.MemberUrl;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a name server that knows nothing but SRV records. */
class SrvDiscoveryTests {

    private static final Map<String, List<String>> RECORDS = Map.of(
            "_etcd-server._tcp.example.test", List.of("m2.example.test 2380", "m1.example.test 2380"),
            "_etcd-server-ssl._tcp.example.test", List.of("m3.example.test 2390"),
            "_etcd-server-blue._tcp.example.test", List.of("localhost 2380", "m2.example.test 2380"));

    private static final int NAME_ERROR = 3;

    private DatagramSocket socket;
    private SrvDiscovery discovery;

    @BeforeEach
    void serve() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        discovery = new SrvDiscovery("dns://127.0.0.1:" + socket.getLocalPort());
        Thread.ofVirtual().start(this::answer);
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private void answer() {
        byte[] buffer = new byte[512];
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                byte[] answer = answerTo(ByteBuffer.wrap(buffer, 0, question.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        } catch (SocketException closed) {
            assertThat(socket.isClosed()).isTrue();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 1035: a header of 12 bytes, the question as it came, records whose name points at it. */
    private static byte[] answerTo(ByteBuffer question) throws IOException {
        short id = question.getShort();
        question.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        List<String> found = RECORDS.getOrDefault(name.toString(), List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8180 | (found.isEmpty() ? NAME_ERROR : 0));
        for (int count : new int[] {1, found.size(), 0, 0}) {
            out.writeShort(count);
        }
        out.write(question.array(), 12, question.position() - 12 + 4);
        for (String record : found) {
            writeRecord(out, record.split(" "));
        }
        return bytes.toByteArray();
    }

    private static void writeRecord(DataOutputStream out, String[] targetAndPort) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        for (String label : targetAndPort[0].split("\\.")) {
            target.write(label.length());
            target.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        target.write(0);
        out.writeShort(0xC00C);
        out.writeShort(33);
        out.writeShort(1);
        out.writeInt(60);
        out.writeShort(6 + target.size());
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(Integer.parseInt(targetAndPort[1]));
        target.writeTo(out);
    }

    private InitialCluster members(String serviceName, String ownUrl) {
        return discovery.members("example.test", serviceName, "own", List.of(MemberUrl.of(ownUrl)));
    }

    @Test
    void membersWhenBothServicesHaveRecordsAreThoseOfBothInOneOrderForAll() {
        assertThat(members("", "http://m2.example.test:2380"))
                .hasToString(
                        "0=https://m3.example.test:2390,1=http://m1.example.test:2380,own=http://m2.example.test:2380");
        assertThat(members("", "https://M3.example.test:2390"))
                .hasToString(
                        "own=https://m3.example.test:2390,0=http://m1.example.test:2380,1=http://m2.example.test:2380");
    }

    @Test
    void membersWhenTheServiceHasANameAreThoseOfTheName() {
        assertThat(members("blue", "http://m2.example.test:2380"))
                .hasToString("0=http://localhost:2380,own=http://m2.example.test:2380");
    }

    @Test
    void membersWhenARecordHasTheAddressOfThisMemberTakesItForItsOwn() {
        assertThat(members("blue", "http://127.0.0.1:2380"))
                .hasToString("own=http://localhost:2380,0=http://m2.example.test:2380");
    }

    @Test
    void membersWhenNoRecordIsThisMembersAreRefused() {
        assertThatThrownBy(() -> members("", "http://m9.example.test:2380"))
                .isInstanceOf(BadSettingException.class)
                .hasMessageContaining("has no SRV record of this member");
    }

    @Test
    void membersWhenThereAreNoRecordsAreRefused() {
        assertThatThrownBy(() -> members("green", "http://m1.example.test:2380"))
                .isInstanceOf(BadSettingException.class)
                .hasMessageContaining("has no SRV record of a member");
    }
}
