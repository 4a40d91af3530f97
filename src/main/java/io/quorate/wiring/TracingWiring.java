package io.quorate.wiring;

import io.quorate.base.AgentThread;
import io.quorate.config.MemberSettings;
import io.quorate.config.TracingSettings;
import io.quorate.server.ErrorChannel;
import io.quorate.tracing.CallSpans;
import io.quorate.tracing.HttpReceiver;
import io.quorate.tracing.SpanExporter;
import io.quorate.tracing.SpanText;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spans of calls, where there are any. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "quorate.tracing.enabled")
class TracingWiring {

    @Bean
    HttpReceiver spanReceiver(TracingSettings settings) {
        return new HttpReceiver(settings.to());
    }

    @Bean
    SpanExporter spanExporter(TracingSettings settings, MemberSettings member, HttpReceiver receiver) {
        String instance = settings.instanceId().isEmpty() ? member.name() : settings.instanceId();
        return new SpanExporter(receiver, new SpanText.Origin(settings.serviceName(), instance));
    }

    /** Sends them. */
    record SpanThread(AgentThread thread, SpanExporter exporter, HttpReceiver receiver) implements AutoCloseable {

        @Override
        public void close() {
            if (exporter.isFailing()) {
                receiver.close(); // so that nothing waits for it
            }
            thread.close();
            receiver.close();
        }
    }

    @Bean
    SpanThread spanThread(SpanExporter exporter, HttpReceiver receiver, ErrorChannel errors) {
        AgentThread thread = new AgentThread(exporter, errors);
        thread.start();
        return new SpanThread(thread, exporter, receiver);
    }

    @Bean
    CallSpans callSpans(TracingSettings settings, SpanExporter exporter) {
        return new CallSpans(settings.samplingRate(), exporter, InstantSource.system());
    }
}
