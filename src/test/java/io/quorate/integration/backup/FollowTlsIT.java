package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.OpenedParts;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.HashKVRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live migration between servers that both want certificates and have users. */
class FollowTlsIT {

    private static final Pattern DOCUMENTED =
            Pattern.compile("bin/quorate migrate (--follow --from=https:[^`]*?[^\\\\]\n)");
    private static final String PASSWORD = "secret";

    @TempDir
    private Path files;

    private final TestAuthority etcdAuthority = new TestAuthority("etcd's");
    private final TestAuthority authority = new TestAuthority("quorate's");
    private final OpenedParts opened = new OpenedParts();
    private TestMember etcd;
    private TestMember member;
    private GrpcConnection there;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(ComparedEtcd.program("etcd").isPresent(), "today's etcd was not built, see .ci/etcd");
        etcd = opened.add(new EtcdProcess(secured(etcdAuthority, "etcd-")).start());
        member = opened.add(TestMember.create(secured(authority, "")).start());
        Files.writeString(files.resolve("root.pw"), PASSWORD + "\n");
        there = opened.add(GrpcConnection.to(etcd, credentials("etcd-")));
        there.put("a", "1");
        enableAuth(AuthGrpc.newBlockingStub(there.channel()));
    }

    @AfterEach
    void close() throws Exception {
        opened.close();
    }

    /** Files of a server and of its clients. */
    private Map<String, String> secured(TestAuthority issuer, String prefix) {
        issuer.issue("server", "127.0.0.1").writeTo(files, prefix + "server");
        issuer.issue("root").writeTo(files, prefix + "root");
        issuer.issueNameless().writeTo(files, prefix + "client");
        TestAuthority.replace(files.resolve(prefix + "ca.crt"), issuer.pem());
        return Map.of(
                "cert-file", path(prefix + "server.crt"),
                "key-file", path(prefix + "server.key"),
                "trusted-ca-file", path(prefix + "ca.crt"),
                "client-cert-auth", "true");
    }

    private String path(String name) {
        return files.resolve(name).toString();
    }

    /** By the certificate, whose common name is that of the user root. */
    private ChannelCredentials credentials(String prefix) throws IOException {
        return TlsChannelCredentials.newBuilder()
                .trustManager(files.resolve(prefix + "ca.crt").toFile())
                .keyManager(
                        files.resolve(prefix + "root.crt").toFile(),
                        files.resolve(prefix + "root.key").toFile())
                .build();
    }

    private static void enableAuth(AuthGrpc.AuthBlockingStub auth) {
        var unusedUser = auth.userAdd(AuthUserAddRequest.newBuilder()
                .setName("root")
                .setPassword(PASSWORD)
                .build());
        var unusedRole =
                auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build());
        var unusedGrant = auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser("root")
                .setRole("root")
                .build());
        var unusedEnabled = auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    /** The options of the command in the guide, with what is here in place of the examples. */
    private List<String> documented() throws IOException {
        Matcher found = DOCUMENTED.matcher(Files.readString(Path.of("docs", "migration.md")));
        assertThat(found.find()).isTrue();
        List<String> options = new ArrayList<>();
        for (String word : found.group(1).replace("\\\n", " ").strip().split("\\s+")) {
            options.add(word.replaceAll("=([a-z-]+\\.(crt|key|pw))$", "=" + files + "/$1"));
        }
        return options.stream()
                .filter(word -> !word.matches("--(follow|from|endpoints)\\b(?!-).*"))
                .toList();
    }

    private FollowRun run(String what, List<String> options, String... more) {
        List<String> all = new ArrayList<>(List.of(what));
        all.addAll(options);
        all.addAll(List.of(more));
        return opened.add(new FollowRun(files, etcd.clientUrl(), member.clientUrl(), all.toArray(String[]::new)));
    }

    @Test
    void handOverWhenBothWantCertificatesAndPasswordsIsTheSame() throws IOException {
        List<String> options = documented();
        assertThat(options).hasSize(8);
        FollowRun follow = run("--follow", options);
        follow.awaitLine("Follows the etcd");
        there.put("b", "2");
        long now = there.put("c", "3").getHeader().getRevision();

        FollowRun finish = run("--finish", options, "--seal");
        finish.awaitSuccess("the cluster has taken over at revision " + now + ", hash ");
        follow.awaitSuccess("the cluster has taken over at revision " + now);
        GrpcConnection here = opened.add(GrpcConnection.to(member, credentials("")));
        HashKVRequest upTo = HashKVRequest.newBuilder().setRevision(now).build();
        assertThat(here.maintenance().hashKV(upTo).getHash())
                .isEqualTo(there.maintenance().hashKV(upTo).getHash());
        assertThat(here.put("own", "1").getHeader().getRevision()).isEqualTo(now + 1);
    }

    @Test
    void followWhenSomethingIsMissingSaysWhat() throws IOException {
        List<String> options = documented();
        assertThat(refusal(without(options, "--from-cacert"))).contains(etcd.clientUrl() + " does not answer: TLS: ");
        assertThat(refusal(without(options, "--from-cert", "--from-key")))
                .contains(etcd.clientUrl() + " does not answer: TLS: ");
        assertThat(refusal(without(options, "--cacert"))).contains(member.clientUrl() + " does not answer: TLS: ");
        assertThat(refusal(without(options, "--password-file"))).contains("etcdserver: permission denied");
        assertThat(refusal(
                        without(options, "--from-cert", "--from-key"),
                        "--from-cert=" + path("etcd-root.crt"),
                        "--from-key=" + path("etcd-root.key")))
                .contains("refuses certificates with a common name");
    }

    /** As etcd's tools take it. */
    @Test
    void passwordWhenOnTheCommandLineCounts() throws IOException {
        List<String> options = without(documented(), "--user", "--password-file");
        assertThat(refusal(options, "--user=root:wrong")).contains("etcdserver: authentication failed");
        assertThat(refusal(options, "--user=root", "--password=wrong")).contains("etcdserver: authentication failed");
        FollowRun follow = run("--follow", options, "--user=root:" + PASSWORD);
        follow.awaitLine("Follows the etcd");
        follow.kill();
        run("--finish", options, "--user=root", "--password=" + PASSWORD).awaitSuccess("the cluster has taken over");
    }

    private static List<String> without(List<String> options, String... names) {
        return options.stream()
                .filter(option -> !List.of(names).contains(option.replaceFirst("=.*", "")))
                .toList();
    }

    private String refusal(List<String> options, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--timeout=1ms");
        FollowRun refused = run("--follow", options, all.toArray(String[]::new));
        assertThat(refused.awaitEnd()).as("%s", refused.output()).isEqualTo(1);
        return refused.output();
    }
}
