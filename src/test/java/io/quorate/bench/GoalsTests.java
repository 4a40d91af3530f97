package io.quorate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quorate.bench.GoalsMain.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTests {

    private static final List<GoalsMain.Row> ROWS = GoalsMain.rows("""
            ## Elsewhere
            | scenario | etcd, calls/s | quorate, calls/s | p99 ms |
            |---|---|---|---|
            | put-x1 | 1 (1-1) | 9 (9-9) | 1.00 / 9.00 |

            ## One member
            | scenario | etcd, calls/s | quorate, calls/s | ratio | p99 ms |
            |---|---|---|---|---|
            | put-x1 | 1000 (900-1100) | 2500 (2400-2600) | **2.50** (2.4-2.6) | 2.00 / 1.00 |
            | put-x32 | 1,000 (900-1100) | 4000 (2400-2600) | **4.00** (2.4-2.6) | 2.00 / 3.50 |

            ## Light loads
            | three members | etcd | quorate |
            |---|---|---|
            | at rest: CPU each, % of a core | 1.70 (1.60, 1.80) | 1.35 (1.30, 1.40) |
            | size, MiB | | 995 |
            """.lines().toList());

    private static String line(String goal) {
        return GoalsMain.line(Goal.parse(goal), ROWS);
    }

    @Test
    void lineWhenTheGoalIsReachedSaysBothFigures() {
        assertThat(line("puts | One member | put-x1 | calls/s | at least 2.5 times"))
                .isEqualTo("| puts | at least 2.5 times | 1,000 | 2,500, 2.50 times | reached |");
        assertThat(line("at rest | Light loads | at rest: CPU each, % of a core | | at most 1.5"))
                .isEqualTo("| at rest | at most 1.5 | 1.70 | 1.35, 0.79 times | reached |");
    }

    @Test
    void lineWhenSeveralRowsAreMeantTakesTheWorst() {
        assertThat(line("puts | One member | put-* | calls/s | at least 3 times"))
                .isEqualTo("| puts | at least 3 times | 1,000 | 2,500, 2.50 times | **short** |");
        assertThat(line("p99 | One member | * | p99 ms | at most 1 times"))
                .isEqualTo("| p99 | at most 1 times | 2.00 | 3.50, 1.75 times | **short** |");
    }

    @Test
    void lineWhenThereIsNoFigureOfBothSaysSo() {
        assertThat(line("size | Light loads | size, MiB | | at most 1 times"))
                .isEqualTo("| size | at most 1 times | | | not measured |");
        assertThat(line("gets | One member | get-x1 | calls/s | at least 1 times"))
                .endsWith("| not measured |");
    }

    @Test
    void goalWhenItIsNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Goal.parse("puts | One member | put-x1 | at least 1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Goal.parse("puts | One member | put-x1 | calls/s | more than 2"));
    }

    /** A goal that names no row of the document would never be seen to be missed. */
    @Test
    void goalsWhenReadAreAllMeasured() throws IOException {
        List<GoalsMain.Row> rows = GoalsMain.rows(Files.readAllLines(Path.of("docs/benchmarks.md")));
        assertThat(Files.readAllLines(Path.of("bench/goals.txt")).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(line -> GoalsMain.line(Goal.parse(line), rows)))
                .isNotEmpty()
                .noneMatch(line -> line.contains("not measured"));
    }
}
