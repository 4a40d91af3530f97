package io.quorate.conformance;

import io.quorate.conformance.Respondent.Answers;
import io.quorate.fixture.HttpReply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a real etcd said to the first programs, one line of JSON for each: stands in where etcd is not installed. */
final class GoldenSet implements Respondent {

    private static final Path FOLDER = Path.of("src/test/resources/conformance");

    private final Map<Long, JsonNode> lines = new HashMap<>();

    private final LongFunction<Program> programs;
    private final Path file;

    /**
     * @param programs gives the program of a seed
     * @param name of the file
     */
    GoldenSet(LongFunction<Program> programs, String name) {
        this.programs = programs;
        this.file = FOLDER.resolve(name);
    }

    /** Reads what was recorded. */
    GoldenSet read() {
        try (InputStream content = new GZIPInputStream(Files.newInputStream(file));
                BufferedReader reader = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode tree = HttpReply.parse(line);
                lines.put(tree.path("seed").asLong(), tree);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Runs programs and writes their answers. */
    void record(Respondent etcd, LongStream seeds) {
        try {
            Files.createDirectories(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (long seed : seeds.toArray()) {
                Program program = programs.apply(seed);
                String line = line(program, etcd.run(program)) + "\n";
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Program program, Answers answers) {
        ObjectNode tree = JsonNodeFactory.instance
                .objectNode()
                .put("seed", program.seed())
                .put("digest", program.digest())
                .put("base", answers.base())
                .put("history", answers.history());
        tree.putArray("answers").addAll(answers.trees());
        return tree.toString();
    }

    /** Whether there are answers to a program. */
    boolean has(long seed) {
        return lines.containsKey(seed);
    }

    @Override
    public Answers run(Program program) {
        @Nullable JsonNode line = lines.get(program.seed());
        if (line == null || line.path("digest").asLong() != program.digest()) {
            throw new IllegalStateException("The recorded answers do not belong to the program of seed "
                    + program.seed() + "; record them anew with -Dconformance.record=true");
        }
        List<JsonNode> trees = new ArrayList<>();
        line.path("answers").forEach(trees::add);
        return new Answers(
                line.path("base").asLong(), trees, line.path("history").asString());
    }

    @Override
    public void close() {
        lines.clear();
    }
}
