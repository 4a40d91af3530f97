package io.quorate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What became of the time of all processors, from {@code /proc/stat}, in hundredths of a second. On a virtual machine that
 * shares its host, what is stolen says how much a figure is worth.
 *
 * @param all time that went by, over all processors
 * @param stolen time in which the host ran something else though this machine had work
 */
record MachineUsage(long all, long stolen) {

    private static final int FIELD_STEAL = 7;

    static MachineUsage now() {
        try {
            String first = Files.readAllLines(Path.of("/proc/stat")).getFirst();
            long[] times = Arrays.stream(first.replaceFirst("^cpu +", "").split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .limit(FIELD_STEAL + 1) // the fields that follow are part of those before
                    .toArray();
            return new MachineUsage(Arrays.stream(times).sum(), times[FIELD_STEAL]);
        } catch (IOException e) {
            throw new UncheckedIOException("No /proc/stat", e);
        }
    }

    MachineUsage since(MachineUsage before) {
        return new MachineUsage(all - before.all, stolen - before.stolen);
    }

    double stolenShare() {
        return all == 0 ? 0 : (double) stolen / all;
    }
}
