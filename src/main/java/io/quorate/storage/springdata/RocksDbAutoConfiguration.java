package io.quorate.storage.springdata;

import io.quorate.base.MonotonicClock;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.data.keyvalue.core.KeyValueOperations;
import org.springframework.data.keyvalue.core.mapping.context.KeyValueMappingContext;

/**
 * The database of a member and what repositories need on top of it, from {@code spring.data.rocksdb.*}. A bean of one's own
 * takes the place of any of these.
 */
@AutoConfiguration
@EnableConfigurationProperties(RocksDbSettings.class)
public class RocksDbAutoConfiguration {

    static final String TEMPLATE = "rocksKeyValueTemplate";
    static final String MAPPING_CONTEXT = "rocksMappingContext";

    /** Closed, and flushed, when the context closes: after everything that was given it. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Database database(RocksDbSettings properties) {
        return Database.open(properties.directory(), properties.options());
    }

    @Bean
    @ConditionalOnMissingBean
    ApplyScope applyScope() {
        return new ApplyScope();
    }

    @Bean
    @ConditionalOnMissingBean
    RocksKeyValueAdapter rocksKeyValueAdapter(
            Database database, ApplyScope scope, ObjectProvider<EntityCodec<?, ?>> codecs) {
        return new RocksKeyValueAdapter(database, scope, codecs.orderedStream().toList());
    }

    @Bean(MAPPING_CONTEXT)
    @ConditionalOnMissingBean(name = MAPPING_CONTEXT)
    KeyValueMappingContext<?, ?> rocksMappingContext() {
        return new KeyValueMappingContext<>();
    }

    @Bean(TEMPLATE)
    @ConditionalOnMissingBean(name = TEMPLATE)
    KeyValueOperations rocksKeyValueTemplate(
            RocksKeyValueAdapter adapter, KeyValueMappingContext<?, ?> rocksMappingContext) {
        return new RocksKeyValueTemplate(adapter, rocksMappingContext);
    }

    @Bean
    RecentStatistics rocksDbStatistics(Database database, ObjectProvider<MonotonicClock> clock) {
        return new RecentStatistics(database, clock.getIfUnique(() -> MonotonicClock.SYSTEM));
    }

    @Bean
    @ConditionalOnEnabledHealthIndicator("rocksdb")
    @ConditionalOnMissingBean(name = "rocksDbHealthIndicator")
    RocksDbHealthIndicator rocksDbHealthIndicator(
            Database database, RecentStatistics statistics, ObjectProvider<MonotonicClock> clock) {
        return new RocksDbHealthIndicator(database, statistics, clock.getIfUnique(() -> MonotonicClock.SYSTEM));
    }

    @Bean
    @ConditionalOnMissingBean
    RocksDbMetrics rocksDbMetrics(RecentStatistics statistics) {
        return new RocksDbMetrics(statistics);
    }
}
