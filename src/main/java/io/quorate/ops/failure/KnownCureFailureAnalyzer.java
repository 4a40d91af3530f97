package io.quorate.ops.failure;

import io.quorate.base.LostLogException;
import io.quorate.membership.MembershipException.MemberRemovedException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Explains failures whose exception states the cure: a member without its log, and a member that its cluster has removed. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class KnownCureFailureAnalyzer implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case LostLogException lost -> {
                    return analysis(lost, lost.cure());
                }
                case MemberRemovedException removed -> {
                    return analysis(removed, removed.cure());
                }
                default -> {}
            }
        }
        return null;
    }

    private static FailureAnalysis analysis(Throwable cause, String cure) {
        return new FailureAnalysis(cause.getMessage() + ".", cure, cause);
    }
}
