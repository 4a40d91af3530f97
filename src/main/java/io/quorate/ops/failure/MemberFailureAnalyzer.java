package io.quorate.ops.failure;

import io.quorate.membership.MemberRemovedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A member that its cluster has removed. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MemberFailureAnalyzer extends AbstractFailureAnalyzer<MemberRemovedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MemberRemovedException cause) {
        return new FailureAnalysis(cause.getMessage() + ".", cause.cure(), cause);
    }
}
