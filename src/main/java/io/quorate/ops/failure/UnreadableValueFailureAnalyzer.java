package io.quorate.ops.failure;

import io.quorate.config.BadUrlException;
import io.quorate.config.UnreadableValue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A value that cannot be converted to what its setting is. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnreadableValueFailureAnalyzer implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadUrlException) {
                return null; // has an analyzer of its own
            }
        }
        return UnreadableValue.in(failure)
                .map(BadSettingFailureAnalyzer::analysis)
                .orElse(null);
    }
}
