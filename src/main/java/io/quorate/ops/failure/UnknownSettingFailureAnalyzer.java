package io.quorate.ops.failure;

import io.quorate.config.UnknownSettingException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A name under {@code quorate.} that does not exist, with the one that was probably meant. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnknownSettingFailureAnalyzer extends AbstractFailureAnalyzer<UnknownSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnknownSettingException cause) {
        String action =
                cause.closest().map(name -> "Did you mean " + name + "? ").orElse("Remove it. ");
        return new FailureAnalysis(
                "There is no setting " + cause.property() + ".\n\n    Found in: " + cause.origin(),
                action + "application.yml lists every setting with its meaning.",
                cause);
    }
}
