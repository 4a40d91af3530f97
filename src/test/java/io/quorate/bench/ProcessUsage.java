package io.quorate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What processes have used so far, from {@code /proc}.
 *
 * @param cpuSeconds user and system time of all their threads
 * @param residentBytes memory in RAM now
 */
record ProcessUsage(double cpuSeconds, long residentBytes) {

    /** The kernel counts in hundredths of a second on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int FIELD_UTIME = 11;
    private static final int FIELD_STIME = 12;

    /** What all of them used together. */
    static ProcessUsage of(List<Long> pids) {
        return pids.stream()
                .map(ProcessUsage::of)
                .reduce(
                        new ProcessUsage(0, 0),
                        (a, b) -> new ProcessUsage(a.cpuSeconds + b.cpuSeconds, a.residentBytes + b.residentBytes));
    }

    private static ProcessUsage of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // the name may contain blanks
            double ticks = Double.parseDouble(fields[FIELD_UTIME]) + Double.parseDouble(fields[FIELD_STIME]);
            long residentKib = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
            return new ProcessUsage(ticks / TICKS_PER_SECOND, residentKib * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("No process " + pid, e);
        }
    }
}
