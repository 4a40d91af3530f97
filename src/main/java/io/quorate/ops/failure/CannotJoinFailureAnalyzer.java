package io.quorate.ops.failure;

import io.quorate.membership.MembershipException.CannotJoinException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A member that is to join a cluster which does not know it, or which cannot be reached. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class CannotJoinFailureAnalyzer extends AbstractFailureAnalyzer<CannotJoinException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CannotJoinException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Add the member to the running cluster first (etcdctl member add), with the URLs of"
                        + " quorate.initial-advertise-peer-urls, and name at least one member that runs in"
                        + " quorate.initial-cluster.",
                cause);
    }
}
