package io.quorate.config.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessInputTests {

    private static final String LOST = "1\ufffd\ufffds";

    private @TempDir Path process;

    private ProcessInput read(List<String> arguments, Map<String, String> environment) {
        return ProcessInput.of(arguments, environment, process);
    }

    @Test
    void argumentsWhenTheLocaleLostLettersAreReadAgain() throws IOException {
        Files.writeString(process.resolve("cmdline"), "java\0-jar\0x.jar\0--name=m\0--w=1\u00b5s\0\0");
        assertThat(read(List.of("--name=m", "--w=" + LOST, ""), Map.of()).arguments())
                .containsExactly("--name=m", "--w=1\u00b5s", "");
    }

    @Test
    void environmentWhenTheLocaleLostLettersIsReadAgain() throws IOException {
        Files.writeString(process.resolve("environ"), "A=1\u00b5s\0B=x=y\0NEW=1\0");
        assertThat(read(List.of(), Map.of("A", LOST, "B", "x=y")).environment())
                .isEqualTo(Map.of("A", "1\u00b5s", "B", "x=y"));
    }

    @Test
    void textsWhenTheProcessCannotBeReadOrHasAnotherEncodingStayAsTheyAre() throws IOException {
        assertThat(read(List.of(LOST), Map.of("A", LOST)))
                .isEqualTo(new ProcessInput(List.of(LOST), Map.of("A", LOST)));
        Files.writeString(process.resolve("cmdline"), "java\0" + "1\u00b5s\0", StandardCharsets.ISO_8859_1);
        assertThat(read(List.of("1\u00c2\u00b5s"), Map.of()).arguments()).containsExactly("1\u00c2\u00b5s");
    }
}
