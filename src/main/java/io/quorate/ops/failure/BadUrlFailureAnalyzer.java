package io.quorate.ops.failure;

import io.quorate.config.BadUrlException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A URL that cannot be read, with the setting it was found in. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class BadUrlFailureAnalyzer extends AbstractFailureAnalyzer<BadUrlException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadUrlException cause) {
        return new FailureAnalysis(
                "A URL cannot be used:\n\n    " + setting(rootFailure) + " = " + cause.url() + ": " + cause.problem(),
                "Write it like http://localhost:2379 or https://10.0.0.1:2379, several separated by commas.",
                cause);
    }

    /** The binder knows the setting; conversion, where the text is read, does not. */
    private String setting(Throwable rootFailure) {
        BindException binding = innermost(rootFailure);
        return binding == null ? "the setting" : binding.getName().toString();
    }

    /** The innermost names the setting itself, the outer ones the prefix. */
    private static @Nullable BindException innermost(Throwable failure) {
        BindException found = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException binding) {
                found = binding;
            }
        }
        return found;
    }
}
