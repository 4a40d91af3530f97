package io.quorate.bench;

/** Runs one workload against servers that are already there, and prints throughput and latencies. */
public final class LoadMain {

    private LoadMain() {}

    public static void main(String... arguments) throws InterruptedException {
        LoadOptions options;
        try {
            options = LoadOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + LoadOptions.USAGE);
            System.exit(2);
            return;
        }
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
