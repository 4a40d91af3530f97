package io.quorate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Makes a Markdown table of the lines that {@link LoadMain} printed: the medians of two servers, the ratio of their
 * throughputs, and how far apart the single runs were. The label of a line is {@code server#run}.
 */
public final class ReportMain {

    private static final String HEAD = """
            | scenario | %1$s, calls/s | %2$s, calls/s | ratio | p50 ms | p99 ms | p99.9 ms | CPU µs/call | memory MiB | errors | stolen %% |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private ReportMain() {}

    /** One line of a file of results. */
    private record Row(
            String server,
            int run,
            String scenario,
            double perSecond,
            double p50,
            double p99,
            double p999,
            double cpuSeconds,
            double memory,
            long errors,
            double stolen) {

        static Row parse(String line, double seconds) {
            String[] fields = line.split("\t", -1);
            String[] label = fields[0].split("#", 2);
            double perSecond = Double.parseDouble(fields[2]);
            return new Row(
                    label[0],
                    Integer.parseInt(label[1]),
                    fields[1],
                    perSecond,
                    Double.parseDouble(fields[3]),
                    Double.parseDouble(fields[4]),
                    Double.parseDouble(fields[5]),
                    Double.parseDouble(fields[6]) / Math.max(1, perSecond * seconds) * 1e6,
                    Double.parseDouble(fields[8]),
                    Long.parseLong(fields[9]),
                    Double.parseDouble(fields[10]) * 100);
        }
    }

    /** Arguments: file of lines, seconds each run counted, name of the base server, name of the other. */
    public static void main(String... arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("ReportMain <file> <seconds> <base server> <other server>");
            System.exit(2);
        }
        double seconds = Double.parseDouble(arguments[1]);
        Map<String, List<Row>> scenarios = new LinkedHashMap<>();
        try (Stream<String> lines = Files.lines(Path.of(arguments[0]))) {
            lines.map(line -> Row.parse(line, seconds))
                    .forEach(row -> scenarios
                            .computeIfAbsent(row.scenario(), ignored -> new ArrayList<>())
                            .add(row));
        }
        System.out.print(String.format(Locale.ROOT, HEAD, arguments[2], arguments[3]));
        scenarios.forEach(
                (scenario, rows) -> System.out.println(line(scenario, of(rows, arguments[2]), of(rows, arguments[3]))));
    }

    private static List<Row> of(List<Row> rows, String server) {
        return rows.stream().filter(row -> row.server().equals(server)).toList();
    }

    private static String line(String scenario, List<Row> base, List<Row> other) {
        String memory = pair(base, other, Row::memory, "%.0f");
        long errors = Stream.concat(base.stream(), other.stream())
                .mapToLong(Row::errors)
                .sum();
        return "| "
                + String.join(
                        " | ",
                        scenario,
                        throughput(base),
                        throughput(other),
                        ratio(base, other),
                        pair(base, other, Row::p50, "%.2f"),
                        pair(base, other, Row::p99, "%.2f"),
                        pair(base, other, Row::p999, "%.2f"),
                        pair(base, other, Row::cpuSeconds, "%.0f"),
                        memory,
                        "" + errors,
                        pair(base, other, Row::stolen, "%.0f"))
                + " |";
    }

    private static String throughput(List<Row> rows) {
        if (rows.isEmpty()) {
            return "-";
        }
        double[] sorted = rows.stream().mapToDouble(Row::perSecond).sorted().toArray();
        return format("%.0f (%.0f-%.0f)", median(rows, Row::perSecond), sorted[0], sorted[sorted.length - 1]);
    }

    /** Median of the ratios of runs that followed each other, with the smallest and the largest. */
    private static String ratio(List<Row> base, List<Row> other) {
        double[] ratios = base.stream()
                .flatMap(row -> other.stream()
                        .filter(candidate -> candidate.run() == row.run())
                        .map(candidate -> candidate.perSecond() / row.perSecond()))
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return ratios.length == 0
                ? "-"
                : format("**%.2f** (%.2f-%.2f)", middle(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private static String pair(List<Row> base, List<Row> other, ToDoubleFunction<Row> field, String format) {
        return one(base, field, format) + " / " + one(other, field, format);
    }

    private static String one(List<Row> rows, ToDoubleFunction<Row> field, String format) {
        return rows.isEmpty() ? "-" : format(format, median(rows, field));
    }

    private static double median(List<Row> rows, ToDoubleFunction<Row> field) {
        return middle(rows.stream().mapToDouble(field).sorted().toArray());
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
