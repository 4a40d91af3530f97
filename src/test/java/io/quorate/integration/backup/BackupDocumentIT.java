package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.ServedState;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestMember;
import io.quorate.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about snapshots in docs/operations.md, in their order, and a member that starts on what they make. */
class BackupDocumentIT {

    private static final Pattern COMMAND = Pattern.compile("`bin/quorate ((?:snapshot|hashkv) [^`]+)`");
    private static final Pattern FLAG = Pattern.compile("`(--[a-z-]+)(?:=[^`]*)?`");
    private static final Pattern FLAG_OF_HELP = Pattern.compile("(?m)^ {2}(--[a-z-]+)=");

    /** What stands in the document for the other members. */
    private static final String AND_SO_ON = ",...";

    @TempDir
    private Path directory;

    private static String section() throws IOException {
        String document = Files.readString(Path.of("docs", "operations.md"));
        int from = document.indexOf("\n## Backup and restore\n");
        assertThat(from).isPositive();
        return document.substring(from, document.indexOf("\n## ", from + 1));
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> all = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            all.add(matcher.group(1));
        }
        return all;
    }

    /** The words of a command, with the addresses and files of this test. */
    private List<String> words(String command, TestMember source, TestMember restored) {
        String here = command.replace(AND_SO_ON, "")
                .replace("127.0.0.1:12379", source.host() + ":" + source.clientPort())
                .replace("http://10.0.0.1:2380", restored.peerUrl())
                .replace("--data-dir=m1", "--data-dir=" + restored.directory().resolve("data"))
                .replace("backup.db", directory.resolve("backup.db").toString());
        return Arrays.asList(here.split(" "));
    }

    @Test
    void commandsWhenRunInTheirOrderMakeAMemberThatServes() throws IOException {
        List<String> commands = found(COMMAND, section()).stream()
                .filter(command -> !command.contains("--from=")) // backups that members make: ScheduledBackupIT
                .toList();
        assertThat(commands)
                .anyMatch(command -> command.startsWith("snapshot save "))
                .anyMatch(command -> command.startsWith("snapshot status "))
                .anyMatch(command -> command.startsWith("snapshot check "))
                .anyMatch(command -> command.startsWith("hashkv "))
                .anyMatch(command -> command.startsWith("snapshot restore "));
        try (TestMember source = new MemberProcess(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(source);
                TestMember restored = new MemberProcess(Map.of("name", "m1"))) {
            FilledStore.fill(grpc);
            for (String command : commands) {
                List<String> words = words(command, source, restored);
                if (command.startsWith("hashkv ")) {
                    assertHash(words, grpc);
                } else {
                    SnapshotTool.run(words.toArray(String[]::new));
                }
            }
            restored.configure(Map.of("initial-cluster", "m1=" + restored.peerUrl()));
            restored.start();
            try (GrpcConnection again = GrpcConnection.to(restored)) {
                assertThat(ServedState.of(again.channel())).isEqualTo(ServedState.of(grpc.channel()));
            }
        }
    }

    private static void assertHash(List<String> words, GrpcConnection grpc) {
        List<String> command = new ArrayList<>(MemberProcess.launcher());
        command.addAll(words);
        int hash = ServedState.of(grpc.channel()).hash().getHash();
        assertThat(SystemCommand.run(command)).startsWith(Integer.toUnsignedString(hash) + ", ");
    }

    @Test
    void saveWhenToStandardOutputCompressesIfAsked() throws Exception {
        Path packed = directory.resolve("packed");
        try (TestMember source = new MemberProcess(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(source)) {
            FilledStore.fill(grpc);
            List<String> command = new ArrayList<>(MemberProcess.launcher());
            command.addAll(List.of("snapshot", "save", "-", "--compress=zstd", "--endpoints=" + source.clientUrl()));
            Process saving =
                    new ProcessBuilder(command).redirectOutput(packed.toFile()).start();
            assertThat(saving.waitFor()).isZero();
            Process cut = new ProcessBuilder(command)
                    .redirectOutput(Path.of("/dev/full").toFile())
                    .start();
            assertThat(cut.waitFor()).isEqualTo(1);
        }
        try (InputStream first = Files.newInputStream(packed)) {
            assertThat(Zstd.isMagic(first.readNBytes(Zstd.MAGIC_BYTES))).isTrue();
        }
        SnapshotTool.run("snapshot", "check", packed.toString());
    }

    @Test
    void flagsInTheTextAreThoseOfACommand() throws IOException {
        List<String> known = new ArrayList<>();
        for (String name : List.of("save", "status", "check", "restore", "verify")) {
            List<String> command = new ArrayList<>(MemberProcess.launcher());
            command.addAll(List.of("snapshot", name, "--help"));
            known.addAll(found(FLAG_OF_HELP, SystemCommand.run(command)));
        }
        List<String> others = List.of("--ultra", "--long", "--help");
        assertThat(found(FLAG, section()))
                .hasSizeGreaterThan(3)
                .allMatch(flag -> known.contains(flag) || others.contains(flag));
    }
}
