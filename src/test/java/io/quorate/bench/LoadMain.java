package io.quorate.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs workloads against servers that are already there, and prints throughput and latencies. With {@code --batch=true}
 * every line of standard input is one workload, its options added to those of the command line: one after the other in
 * one process, so that only the first pays for a cold start of this program.
 */
public final class LoadMain {

    private static final String BATCH = "--batch=true";

    private LoadMain() {}

    public static void main(String... arguments) throws InterruptedException, IOException {
        List<String> common = new ArrayList<>(List.of(arguments));
        boolean batch = common.remove(BATCH);
        try {
            if (batch) {
                runLines(common);
            } else {
                run(options(common, ""));
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + LoadSettings.USAGE);
            System.exit(2);
        }
    }

    /** Each line is run before the next one is read, so that who writes them can do something else in between. */
    private static void runLines(List<String> common) throws InterruptedException, IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                run(options(common, line));
            }
        }
    }

    private static LoadSettings options(List<String> common, String line) {
        return LoadSettings.parse(Stream.concat(common.stream(), Stream.of(line.split(" ", -1)))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new));
    }

    private static void run(LoadSettings options) throws InterruptedException, IOException {
        if (options.fill()) {
            try (LoadRun filling = new LoadRun(options.forFilling())) {
                filling.fill();
            }
        }
        try (LoadRun run = new LoadRun(options)) {
            LoadResult result = run.measure();
            System.out.println(options.label().isEmpty() ? result.text() : result.line());
        }
    }
}
