package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.SystemCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/rest.md, in their order, in one shell. */
class RestDocumentIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

    @TempDir
    private Path directory;

    @Test
    void commandsWhenRunInTheirOrderSucceed() throws IOException {
        Files.writeString(directory.resolve("README.md"), "Read me.");
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("docs", "rest.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(6);
        String script = "set -euo pipefail\ncurl() { command curl -fsS \"$@\" && echo; }\ncd '" + directory + "'\n"
                + String.join("\n", blocks)
                        .replace(
                                "localhost:2379", "127.0.0.1:" + MEMBER.member().clientPort());
        Path file = Files.writeString(directory.resolve("commands"), script);

        String printed = SystemCommand.run(List.of("bash", file.toString()));

        assertThat(printed)
                .contains(
                        "\"value\":\"hello\"",
                        "event: put",
                        "\"succeeded\":true",
                        "\"holder\":{\"key\":\"job/",
                        "\"value\":\"still here\"",
                        "\"value\":\"still me\"",
                        "\"value\":\"of alice\"",
                        "alice may not read that",
                        "413: too large");
        assertThat(Files.readString(directory.resolve("value.bin"))).isEqualTo("Read me.");
    }
}
