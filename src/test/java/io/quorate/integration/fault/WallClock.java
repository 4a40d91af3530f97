package io.quorate.integration.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The wall clock of one member, by libfaketime; its monotonic clock stays the machine's. */
final class WallClock {

    private static final Path LIBRARIES = Path.of("/usr/lib");

    private final Path offset;

    /** @param directory where the member's offset is written down */
    WallClock(Path directory) {
        offset = directory.resolve("clock-offset");
        jump(Duration.ZERO);
    }

    /** Whether libfaketime is installed. */
    static boolean isAvailable() {
        return library().isPresent();
    }

    private static Optional<Path> library() {
        try (Stream<Path> directories = Files.list(LIBRARIES)) {
            List<Path> all = Stream.concat(Stream.of(LIBRARIES), directories)
                    .map(directory -> directory.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::exists)
                    .toList();
            return all.stream().findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What stands before a command that is to run by this clock; it becomes that command. Nothing if libfaketime is not
     * installed.
     */
    List<String> enter() {
        return library().map(this::enter).orElse(List.of());
    }

    private List<String> enter(Path library) {
        return List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + offset,
                "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                // The work-around for waits on the monotonic clock ends those of a JVM at once.
                "FAKETIME_FORCE_MONOTONIC_FIX=0",
                "NO_FAKE_STAT=1");
    }

    /** From within a second on, the clock is so far from the machine's; negative: behind it. */
    void jump(Duration distance) {
        try {
            Files.writeString(offset, "%+d%n".formatted(distance.toSeconds()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
