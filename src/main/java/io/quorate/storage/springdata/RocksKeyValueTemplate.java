package io.quorate.storage.springdata;

import java.util.Set;
import org.springframework.data.keyvalue.core.KeyValueTemplate;
import org.springframework.data.keyvalue.core.mapping.context.KeyValueMappingContext;

/**
 * Spring Data's template as a member needs it: no events for every access, exceptions as they were thrown (a fault must
 * stay one), and above all no clearing of the store when the application context closes.
 */
public final class RocksKeyValueTemplate extends KeyValueTemplate {

    public RocksKeyValueTemplate(RocksKeyValueAdapter adapter, KeyValueMappingContext<?, ?> mappingContext) {
        super(adapter, mappingContext);
        setEventTypesToPublish(Set.of());
        setExceptionTranslator(exception -> null);
    }

    /** Keeps everything; what this replaces would delete it. */
    @Override
    public void destroy() {}
}
