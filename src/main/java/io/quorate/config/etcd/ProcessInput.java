package io.quorate.config.etcd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Arguments and variables as the process was given them, in UTF-8 whatever the locale. The virtual machine reads both in
 * the encoding of the locale, and containers often have none: of {@code 1µs} it leaves {@code 1??s}. So where it met
 * something beyond ASCII, the bytes are looked up with the kernel. Used once, by the main thread.
 *
 * @param arguments of the program
 * @param environment the variables
 */
public record ProcessInput(List<String> arguments, Map<String, String> environment) {

    private static final Path PROCESS = Path.of("/proc/self");

    /**
     * Reads the bytes where they are needed and can be had; otherwise the texts stay as they are.
     *
     * @param arguments as the virtual machine has read them
     * @param environment likewise
     */
    public static ProcessInput of(List<String> arguments, Map<String, String> environment) {
        return of(arguments, environment, PROCESS);
    }

    /** @param process the folder that has the files {@code cmdline} and {@code environ} */
    static ProcessInput of(List<String> arguments, Map<String, String> environment, Path process) {
        return new ProcessInput(
                isAscii(arguments.stream()) ? arguments : arguments(arguments, process),
                isAscii(environment.values().stream()) ? environment : environment(environment, process));
    }

    private static boolean isAscii(Stream<String> texts) {
        return texts.allMatch(text -> text.chars().allMatch(letter -> letter < 0x80));
    }

    /** The last ones of the line; what comes before is the virtual machine's. */
    private static List<String> arguments(List<String> decoded, Path process) {
        List<String> line = texts(process.resolve("cmdline"));
        return line.size() < decoded.size() ? decoded : line.subList(line.size() - decoded.size(), line.size());
    }

    private static Map<String, String> environment(Map<String, String> decoded, Path process) {
        Map<String, String> read = new LinkedHashMap<>(decoded);
        for (String variable : texts(process.resolve("environ"))) {
            String[] parts = variable.split("=", 2);
            if (parts.length == 2) {
                read.replace(parts[0], parts[1]);
            }
        }
        return read;
    }

    /** The texts of a file, each ended by a zero; none if there is no such file, or another encoding. */
    private static List<String> texts(Path file) {
        try {
            String all = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            List<String> texts = new ArrayList<>(Arrays.asList(all.split("\0", -1)));
            texts.removeLast();
            return texts;
        } catch (CharacterCodingException otherEncoding) {
            return List.of(); // then the locale is right
        } catch (IOException noSuchFile) {
            return List.of(); // no Linux, or closed to this user: the locale must do
        }
    }
}
