package io.quorate.ops.failure;

import io.quorate.config.SettingsFileLoader.BadSettingsFileException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A settings file with an error in its form. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class BadSettingsFileFailureAnalyzer extends AbstractFailureAnalyzer<BadSettingsFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadSettingsFileException cause) {
        return new FailureAnalysis(
                "A settings file cannot be read:\n\n    " + cause.getMessage(),
                "Correct the file. In YAML, lines of one level begin in the same column, with spaces and no tabs, and a space"
                        + " follows each colon.",
                cause);
    }
}
