package io.quorate.storage.springdata;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quorate.storage.DatabaseStatistics;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What an operator sees of RocksDB: space, memory, the cache, and whether flushes and compactions keep up. */
final class RocksDbMetrics implements MeterBinder {

    private final RecentStatistics recent;

    RocksDbMetrics(RecentStatistics recent) {
        this.recent = recent;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindSpace(registry);
        bindCache(registry);
        bindBackgroundWork(registry);
    }

    private void bindSpace(MeterRegistry registry) {
        gauge(registry, "file.size", "Bytes of all table files", DatabaseStatistics::fileBytes);
        gauge(
                registry,
                "live.size",
                "About the bytes of table files that are not outdated",
                DatabaseStatistics::liveBytes);
        gauge(registry, "memtable.size", "Bytes of changes not flushed yet", DatabaseStatistics::memtableBytes);
    }

    private void bindCache(MeterRegistry registry) {
        gauge(registry, "cache.usage", "Bytes in the block cache, memtables included", DatabaseStatistics::cacheBytes);
        gauge(
                registry,
                "cache.pinned",
                "Bytes in the block cache that are in use",
                DatabaseStatistics::cachePinnedBytes);
        cacheGets(registry, "hit", DatabaseStatistics::cacheHits);
        cacheGets(registry, "miss", DatabaseStatistics::cacheMisses);
    }

    private void bindBackgroundWork(MeterRegistry registry) {
        counter(registry, "flush.written", "Bytes written by flushes", DatabaseStatistics::flushedBytes);
        counter(registry, "compaction.read", "Bytes read by compactions", DatabaseStatistics::compactionReadBytes);
        counter(
                registry,
                "compaction.written",
                "Bytes written by compactions",
                DatabaseStatistics::compactionWrittenBytes);
        gauge(
                registry,
                "compaction.pending",
                "About the bytes left to compact",
                DatabaseStatistics::compactionPendingBytes);
        FunctionCounter.builder(
                        name("background.errors"), recent, value -> value.get().backgroundErrors())
                .description("Flushes and compactions that failed")
                .register(registry);
        TimeGauge.builder(
                        name("stall.duration"),
                        recent,
                        TimeUnit.MICROSECONDS,
                        value -> value.get().stallMicros())
                .description("Time that writes waited for flushes and compactions since the start")
                .register(registry);
        Gauge.builder(name("writes.stopped"), recent, value -> value.get().writesStopped() ? 1 : 0)
                .description("Whether writes wait now: 1 or 0")
                .register(registry);
        gauge(
                registry,
                "writes.delayed.rate",
                "Bytes a second that writes are slowed down to; 0 if they are not",
                DatabaseStatistics::delayedWriteRate);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<DatabaseStatistics> value) {
        Gauge.builder(name(name), recent, statistics -> value.applyAsDouble(statistics.get()))
                .description(description)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<DatabaseStatistics> value) {
        FunctionCounter.builder(name(name), recent, statistics -> value.applyAsDouble(statistics.get()))
                .description(description)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    private void cacheGets(MeterRegistry registry, String result, ToDoubleFunction<DatabaseStatistics> value) {
        FunctionCounter.builder(name("cache.gets"), recent, statistics -> value.applyAsDouble(statistics.get()))
                .description("Blocks looked for in the cache")
                .tag("result", result)
                .register(registry);
    }

    private static String name(String name) {
        return "quorate.rocksdb." + name;
    }
}
