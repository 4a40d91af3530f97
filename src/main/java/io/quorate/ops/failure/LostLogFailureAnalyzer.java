package io.quorate.ops.failure;

import io.quorate.base.LostLogException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A member without the log that it made its promises with. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class LostLogFailureAnalyzer extends AbstractFailureAnalyzer<LostLogException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LostLogException cause) {
        return new FailureAnalysis(cause.getMessage() + ".", cause.cure(), cause);
    }
}
