package io.quorate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a Markdown table of goals and of what the other tables of a document say about them. */
public final class GoalsMain {

    private static final String HEAD = """
            | goal | bound | etcd | Quorate | |
            |---|---|---|---|---|
            """;
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*(\\.\\d+)?");

    private GoalsMain() {}

    /**
     * A figure that must not pass a bound.
     *
     * @param row name of the row, in which {@code *} stands for anything: the worst of several counts
     * @param column name of the column, empty if the table has one for each server
     */
    record Goal(String text, String section, String row, String column, Bound bound) {

        static Goal parse(String line) {
            String[] parts = line.split("\\|", -1);
            if (parts.length != 5) {
                throw new IllegalArgumentException("not a goal: " + line);
            }
            return new Goal(
                    parts[0].strip(), parts[1].strip(), parts[2].strip(), parts[3].strip(), Bound.parse(parts[4]));
        }

        boolean isAbout(String name) {
            return name.matches(Pattern.quote(row).replace("*", "\\E.*\\Q"));
        }
    }

    /**
     * What a figure may be.
     *
     * @param least whether the bound is the least or the most
     * @param times whether it is that of etcd's figure, or of the figure itself
     */
    record Bound(boolean least, double number, boolean times) {

        private static final Pattern FORM = Pattern.compile("at (least|most) ([0-9.]+)( times)?");

        static Bound parse(String text) {
            Matcher form = FORM.matcher(text.strip());
            if (!form.matches()) {
                throw new IllegalArgumentException("not a bound: " + text);
            }
            return new Bound(form.group(1).equals("least"), Double.parseDouble(form.group(2)), form.group(3) != null);
        }

        double measured(Figures figures) {
            return times ? figures.quorate() / figures.etcd() : figures.quorate();
        }

        boolean holds(Figures figures) {
            return least ? measured(figures) >= number : measured(figures) <= number;
        }

        Comparator<Figures> worstFirst() {
            Comparator<Figures> ascending = Comparator.comparingDouble(this::measured);
            return least ? ascending : ascending.reversed();
        }

        String text() {
            String bound = number == Math.rint(number) ? String.valueOf(Math.round(number)) : String.valueOf(number);
            return "at " + (least ? "least " : "most ") + bound + (times ? " times" : "");
        }
    }

    /** What was measured of both. */
    record Figures(double etcd, double quorate) {}

    /** A row of a table of a section, with the names of its columns. */
    record Row(String section, List<String> columns, List<String> cells) {

        String name() {
            return cells.getFirst();
        }

        /** What a column says; empty if it says nothing of both. */
        Optional<Figures> figures(String column) {
            List<Double> numbers = new ArrayList<>();
            for (int i = 1; i < cells.size(); i++) {
                String title = columns.get(i);
                if (title.equals(column)) {
                    numbers.addAll(numbersOf(cells.get(i), 2));
                } else if (column.isEmpty() || title.endsWith(", " + column)) {
                    numbers.addAll(numbersOf(cells.get(i), 1));
                }
            }
            return numbers.size() == 2
                    ? Optional.of(new Figures(numbers.getFirst(), numbers.getLast()))
                    : Optional.empty();
        }

        private static List<Double> numbersOf(String cell, int most) {
            return NUMBER.matcher(cell)
                    .results()
                    .limit(most)
                    .map(found -> Double.valueOf(found.group().replace(",", "")))
                    .toList();
        }
    }

    /** Arguments: the document, the file of goals. */
    public static void main(String... arguments) throws IOException {
        List<Row> rows = rows(Files.readAllLines(Path.of(arguments[0])));
        System.out.print(HEAD);
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                System.out.println(line(Goal.parse(line), rows));
            }
        }
    }

    /** All rows of all tables of a document. */
    static List<Row> rows(List<String> lines) {
        List<Row> rows = new ArrayList<>();
        String section = "";
        List<String> columns = List.of();
        for (String line : lines) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            }
            if (!line.startsWith("|")) {
                columns = List.of();
                continue;
            }
            List<String> cells = cells(line);
            if (columns.isEmpty()) {
                columns = cells;
            } else if (!line.startsWith("|---") && cells.size() == columns.size()) {
                rows.add(new Row(section, columns, cells));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        String[] parts = line.split("\\|", -1);
        return List.of(parts).subList(1, parts.length - 1).stream()
                .map(String::strip)
                .toList();
    }

    /** The goal as a row, with the worst of its figures. */
    static String line(Goal goal, List<Row> rows) {
        Figures worst = rows.stream()
                .filter(row -> row.section().equals(goal.section()) && goal.isAbout(row.name()))
                .flatMap(row -> row.figures(goal.column()).stream())
                .min(goal.bound().worstFirst())
                .orElse(null);
        if (worst == null) {
            return "| " + goal.text() + " | " + goal.bound().text() + " | | | not measured |";
        }
        String times = String.format(Locale.ROOT, "%.2f times", worst.quorate() / worst.etcd());
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s, %s | %s |",
                goal.text(),
                goal.bound().text(),
                number(worst.etcd()),
                number(worst.quorate()),
                times,
                goal.bound().holds(worst) ? "reached" : "**short**");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
    }
}
