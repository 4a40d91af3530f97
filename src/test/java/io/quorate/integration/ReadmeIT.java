package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.EtcdctlCommand;
import io.quorate.fixture.FreePorts;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.SystemCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quick start of {@code README.md}, line by line, in one shell: what is replaced is the build, which has happened, and ports. An
 * address of the document is a place for members (nothing, 1, 2 or 3) in front of 2379, 2380 or 2381.
 */
class ReadmeIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

    /** A watch has as much time as it needs for what it replays, however slow the machine is. */
    private static final String WATCHED = """
            timeout() {
              shift
              "$@" >watched &
              local watch=$!
              until grep -q hello watched; do sleep 0.1; done
              kill "$watch"
              cat watched
            }
            """;

    @TempDir
    private Path directory;

    private static List<String> quickStart() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int from = readme.indexOf("\n## Quick start\n");
        return BLOCK.matcher(readme.substring(from, readme.indexOf("\n## ", from + 1)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The program that was built, in the place where the document calls it, with the default ports replaced. */
    private void writeProgram(String client, String peer, String operators) throws IOException {
        String launcher =
                MemberProcess.launcher().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String script = """
                #!/bin/bash
                [ "$*" != prepare ] || exit 0
                if [ $# -eq 0 ]; then
                  set -- --quorate.listen-client-urls=http://localhost:%2$s --quorate.advertise-client-urls=http://localhost:%2$s \\
                    --quorate.listen-peer-urls=http://localhost:%3$s --quorate.initial-advertise-peer-urls=http://localhost:%3$s \\
                    --management.server.port=%4$s
                fi
                exec %1$s "$@" >>members.log 2>&1
                """.formatted(launcher, client, peer, operators);
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path file = Files.writeString(bin.resolve("quorate"), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** The lists of ports of one kind, by the place of a member. */
    private static String ports(String name) {
        return name + "=(" + FreePorts.next() + " " + FreePorts.next() + " " + FreePorts.next() + " " + FreePorts.next()
                + ")\n";
    }

    /** Addresses of the document as elements of these lists. */
    private static String placed(String block) {
        return block.replace("url=http://127.0.0.1:${i}\n", "url=http://127.0.0.1:\n")
                .replaceAll("\\$\\{url\\}(23\\d\\d)", "\\${url}\\${p$1[i]}")
                .replaceAll(":([123])(23\\d\\d)", ":\\${p$2[$1]}")
                .replaceAll("localhost:(2379)", "localhost:\\${p$1[0]}");
    }

    @Test
    void quickStartWhenFollowedLineByLineWorks() throws IOException {
        assumeTrue(EtcdctlCommand.isInstalled(), "etcdctl is not installed");
        assumeTrue(SystemCommand.attempt(List.of("curl", "--version")).exitCode() == 0, "curl is not installed");
        writeProgram("$PORT0", "$PORT1", "$PORT2");
        List<String> blocks = quickStart();
        assertThat(blocks).hasSize(3);
        String script = "set -euo pipefail\ncd '" + directory + "'\nset -m\ntrap 'kill -KILL $(jobs -p)' EXIT\n"
                + "mvn() { [ \"$*\" = 'package -DskipTests' ]; }\ncurl() { command curl -fsS \"$@\"; }\n"
                + WATCHED
                + "export ETCDCTL_API=3\n" + ports("p2379") + ports("p2380") + ports("p2381")
                + "export PORT0=${p2379[0]} PORT1=${p2380[0]} PORT2=${p2381[0]}\n"
                + "export ETCDCTL_ENDPOINTS=localhost:$PORT0\n"
                + blocks.stream().map(ReadmeIT::placed).collect(Collectors.joining("\n"));
        Path file = Files.writeString(directory.resolve("commands"), script);

        SystemCommand ended = SystemCommand.attempt(List.of("timeout", "600", "bash", file.toString()));

        assertThat(ended.exitCode()).as("%s", ended.output()).isZero();
        assertThat(ended.output())
                .contains("greeting\nhello\n", "\"value\":\"bar\"", "\"value\":\"YmFy\"", "PUT\ngreeting\nhello")
                .containsPattern("(?s)(is healthy.*){3}")
                .containsPattern("(?s)(\\| +127.0.0.1:\\d+ \\|.*){3}");
        assertThat(Files.isDirectory(directory.resolve("m3.etcd/member"))).isTrue();
    }
}
