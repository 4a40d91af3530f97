package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.tool.Tool;

/** The commands about snapshots, as a shell calls them. */
final class SnapshotTool {

    private SnapshotTool() {}

    /** Runs a command that must succeed. */
    static void run(String... arguments) {
        assertThat(Tool.namedBy(arguments).orElseThrow().run(java.util.List.of(arguments)))
                .as(String.join(" ", arguments))
                .isZero();
    }
}
