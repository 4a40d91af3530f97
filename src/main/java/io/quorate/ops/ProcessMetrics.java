package io.quorate.ops;

import com.sun.management.UnixOperatingSystemMXBean;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import lombok.extern.slf4j.Slf4j;

/**
 * Memory, processor time and file descriptors of the process under the names that Prometheus clients of other languages
 * and etcd's dashboards use. Present on Linux and the like; elsewhere nothing is published.
 */
@Slf4j
public final class ProcessMetrics implements Metered {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long BYTES_PER_KIB = 1024;

    @Override
    public void register(Meters meters) {
        meters.gauges(
                "etcd_server_go_version",
                "1; the label is the version of the Java that runs this.",
                points -> points.add(1, "server_go_version", "java" + Runtime.version()));
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return;
        }
        meters.gauge("os_fd_used", "Open file descriptors.", system::getOpenFileDescriptorCount);
        meters.gauge("os_fd_limit", "Most file descriptors.", system::getMaxFileDescriptorCount);
        meters.gauge("process_open_fds", "Open file descriptors.", system::getOpenFileDescriptorCount);
        meters.gauge("process_max_fds", "Most file descriptors.", system::getMaxFileDescriptorCount);
        meters.gauge("process_resident_memory_bytes", "Resident memory.", ProcessMetrics::residentBytes);
        meters.gauge("process_virtual_memory_bytes", "Virtual memory.", system::getCommittedVirtualMemorySize);
        meters.counters(
                "process_cpu_seconds_total",
                "Processor time.",
                points -> points.add(system.getProcessCpuTime() / NANOS_PER_SECOND));
    }

    private static long residentBytes() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException unreadable) {
            log.debug("Cannot read the size of the process", unreadable);
            return 0;
        }
    }
}
