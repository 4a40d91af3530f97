package io.quorate.ops;

import static io.quorate.ops.Metric.counter;
import static io.quorate.ops.Metric.gauge;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lombok.extern.slf4j.Slf4j;

/**
 * Memory, processor time and file descriptors of the process under the names that Prometheus clients of other languages
 * and etcd's dashboards use. Present on Linux and the like; elsewhere nothing is published.
 */
@Slf4j
public final class ProcessMetrics implements MultiCollector {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long BYTES_PER_KIB = 1024;

    private static final List<Metric<ProcessUsage>> METRICS = List.of(
            gauge(MetricNames.OS_FD_USED, "Open file descriptors.", ProcessUsage::openFiles),
            gauge(MetricNames.OS_FD_LIMIT, "Most file descriptors.", ProcessUsage::maxFiles),
            gauge(MetricNames.OPEN_FDS, "Open file descriptors.", ProcessUsage::openFiles),
            gauge(MetricNames.MAX_FDS, "Most file descriptors.", ProcessUsage::maxFiles),
            gauge(MetricNames.RESIDENT_BYTES, "Resident memory.", ProcessUsage::residentBytes),
            gauge(MetricNames.VIRTUAL_BYTES, "Virtual memory.", ProcessUsage::virtualBytes),
            counter(MetricNames.CPU_SECONDS, "Processor time.", ProcessUsage::cpuSeconds));

    private record ProcessUsage(
            long openFiles, long maxFiles, long residentBytes, long virtualBytes, double cpuSeconds) {}

    /** Publishes the metrics; the registry asks for them at every scrape. */
    public void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return new MetricSnapshots();
        }
        ProcessUsage picture = new ProcessUsage(
                system.getOpenFileDescriptorCount(),
                system.getMaxFileDescriptorCount(),
                residentBytes(),
                system.getCommittedVirtualMemorySize(),
                system.getProcessCpuTime() / NANOS_PER_SECOND);
        return new MetricSnapshots(
                METRICS.stream().map(metric -> metric.read(picture)).toList());
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
