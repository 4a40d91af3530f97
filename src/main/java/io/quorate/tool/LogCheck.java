package io.quorate.tool;

import io.quorate.apply.LogGate;
import io.quorate.node.wal.WalCorruptException;
import io.quorate.node.wal.WalInspection;
import io.quorate.node.wal.WalSettings;
import io.quorate.tool.Tool.ToolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;

/** Whether all entries in the log of a stopped member can be read by this version; changes nothing. */
@RequiredArgsConstructor
final class LogCheck {

    private final Options options;

    /**
     * Reads the log below {@code --data-dir}, or in {@code --wal-dir}.
     *
     * @throws ToolException if it is damaged, or has entries that cannot be applied
     */
    String readAll() {
        Path directory = options.optional("wal-dir")
                .map(Path::of)
                .orElseGet(() -> Path.of(options.required("data-dir"), "member", "wal"));
        options.optional("data-dir").ifPresent(LogCheck::checkExists);
        checkExists(directory.toString());
        try {
            WalInspection found = WalInspection.of(directory, WalSettings.DEFAULT, LogGate::unreadability);
            String entries = found.lastIndex() == 0
                    ? "no entries"
                    : "entries " + found.firstIndex() + " to " + found.lastIndex();
            String range = entries + ", term " + found.state().term() + ", commit "
                    + found.state().commit();
            if (!found.problems().isEmpty()) {
                throw new ToolException(describe(directory, range, found));
            }
            return "the log in " + directory + " is sound: " + range;
        } catch (WalCorruptException damaged) {
            throw new ToolException(
                    "The log is damaged: " + damaged.file() + " at byte " + damaged.offset() + ": " + damaged.reason());
        } catch (IllegalStateException missing) {
            throw new ToolException("No log: " + missing.getMessage());
        }
    }

    private static void checkExists(String directory) {
        if (!Files.isDirectory(Path.of(directory))) {
            throw new ToolException("The directory " + directory
                    + (Files.exists(Path.of(directory)) ? " is a file." : " does not exist."));
        }
    }

    private static String describe(Path directory, String range, WalInspection found) {
        String list = found.problems().stream()
                .map(problem -> "\n  " + problem.term() + "/" + problem.index() + " " + problem.reason())
                .collect(Collectors.joining());
        String ids = found.problems().stream()
                .map(problem -> problem.term() + "/" + problem.index())
                .collect(Collectors.joining(","));
        return "The log in " + directory + " (" + range + ") has entries that this version cannot apply (term/index):"
                + list
                + "\nIf no version of Quorate can, start every member of the cluster with quorate.skip-entries=" + ids
                + " (docs/runbooks.md, 'An entry cannot be applied').";
    }
}
