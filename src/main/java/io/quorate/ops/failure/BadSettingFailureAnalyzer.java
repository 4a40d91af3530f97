package io.quorate.ops.failure;

import io.quorate.config.BadSettingException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A value out of its bounds, or settings that contradict each other. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class BadSettingFailureAnalyzer extends AbstractFailureAnalyzer<BadSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadSettingException cause) {
        return analysis(cause);
    }

    static FailureAnalysis analysis(BadSettingException cause) {
        return new FailureAnalysis(
                "A setting cannot be used:\n\n    " + cause.getMessage(),
                "Change " + cause.property() + "; application.yml lists every setting with its meaning.",
                cause);
    }
}
