package io.quorate.integration.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.FreePorts;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of {@code docs/security.md}, in their order, in one shell: against a member at the usual address, and one with TLS at
 * {@code m1.example}.
 */
class SecurityDocumentIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
    private static final String TLS_NAME = "m1.example";

    @TempDir
    private Path directory;

    /** Runs a member of the document's flags until it is ready, and a command to its end. */
    private void writeLauncher() throws IOException {
        String launcher =
                MemberProcess.launcher().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        int client = FreePorts.next();
        String script = """
                #!/bin/bash
                case $1 in --*) ;; *) exec %1$s "$@" ;; esac
                %1$s "$@" --data-dir member --listen-client-urls http://127.0.0.1:%2$d --advertise-client-urls http://127.0.0.1:%2$d \\
                  --listen-peer-urls http://127.0.0.1:%3$d --initial-advertise-peer-urls http://127.0.0.1:%3$d \\
                  --management.server.port=%4$d >member.log 2>&1 &
                member=$!
                trap 'kill -KILL $member' EXIT
                until curl -fs -o /dev/null http://127.0.0.1:%2$d/readyz; do
                  kill -0 $member || { cat member.log; exit 1; }
                done
                """.formatted(launcher, client, FreePorts.next(), FreePorts.next());
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path file = Files.writeString(bin.resolve("quorate"), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("docs/security.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The document's addresses as those of the members. */
    private static String placed(String block, TestMember plain, TestMember secure) {
        return block.replace(TLS_NAME + ":2379", TLS_NAME + ":" + secure.clientPort())
                .replace("curl --cacert", "curl -fs --connect-to " + TLS_NAME + "::127.0.0.1: --cacert")
                .replace("=https://" + TLS_NAME, "=https://127.0.0.1")
                .replace("127.0.0.1:2379", "127.0.0.1:" + plain.clientPort())
                .replace(
                        "127.0.0.1:2381",
                        "127.0.0.1:" + URI.create(plain.managementUrl()).getPort());
    }

    private void writeCertificates(TestAuthority authority) {
        TestAuthority.replace(directory.resolve("ca.crt"), authority.pem());
        authority.issue("server", "127.0.0.1", TLS_NAME).writeTo(directory, "server");
        for (String user : List.of("client", "root")) {
            authority.issue(user).writeTo(directory, user);
        }
        authority.issue("kube-apiserver").writeTo(directory, "apiserver");
    }

    private TestMember secure() {
        return new MemberProcess(Map.of(
                "cert-file", directory.resolve("server.crt").toString(),
                "key-file", directory.resolve("server.key").toString(),
                "trusted-ca-file", directory.resolve("ca.crt").toString(),
                "client-cert-auth", "true"));
    }

    @Test
    void commandsWhenRunInTheirOrderAllSucceed() throws IOException {
        Path etcdctl = ComparedEtcd.program("etcdctl").orElse(null);
        assumeTrue(
                etcdctl != null,
                "today's etcdctl was not built, see .ci/etcd; the one of Debian is too old for the guide");
        assumeTrue(SystemCommand.attempt(List.of("curl", "--version")).exitCode() == 0, "curl is not installed");
        assumeTrue(SystemCommand.attempt(List.of("openssl", "version")).exitCode() == 0, "openssl is not installed");
        writeCertificates(new TestAuthority("document"));
        writeLauncher();
        String audit = directory.resolve("audit.json").toString();
        List<String> blocks = blocks();
        assertThat(blocks).hasSizeGreaterThan(10);
        try (TestMember plain = new MemberProcess(Map.of("audit.calls", "refusals", "audit.file", audit)).start();
                TestMember secure = secure().start()) {
            String script = blocks.stream()
                    .map(block -> placed(block, plain, secure))
                    .map(block -> "echo \"## $SECONDS\"\n"
                            + (block.startsWith("by_root") ? "unset ETCDCTL_USER ETCDCTL_PASSWORD\n" : "")
                            + (block.contains("--endpoints=https")
                                    ? "unset ETCDCTL_ENDPOINTS\n"
                                    : "export ETCDCTL_ENDPOINTS=127.0.0.1:" + plain.clientPort() + "\n")
                            + (block.startsWith("grep") ? refusal() : "")
                            + block)
                    .collect(Collectors.joining());
            Path file = Files.writeString(
                    directory.resolve("commands"),
                    "set -euxo pipefail\ncd " + directory + "\nexport ETCDCTL_API=3 PATH=" + etcdctl.getParent()
                            + ":$PATH\n" + script);
            SystemCommand ended = SystemCommand.attempt(List.of("bash", file.toString()));
            assertThat(ended.exitCode()).as("%s", ended.output()).isZero();
            assertThat(ended.output())
                    .contains("Authentication Status: true", "/shop/cart", "Password updated", "User patroni deleted")
                    .contains("\"call\":\"etcdserverpb.KV/Put\"", "\"committedIndex\"");
            assertThat(headings(ended.output())).isEqualTo(blocks.size());
        }
    }

    /** What the audit trail is searched for must have happened. */
    private static String refusal() {
        return "! ETCDCTL_USER=shop ETCDCTL_PASSWORD=\"$(cat shop.pw)\" etcdctl put elsewhere x\n"
                + "until grep -q PERMISSION_DENIED audit.json; do :; done\n";
    }

    private static long headings(String output) {
        return Pattern.compile("(?m)^## \\d+$")
                .matcher(output)
                .results()
                .map(MatchResult::group)
                .count();
    }
}
