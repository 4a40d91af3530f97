package io.quorate.ops.failure;

import io.quorate.node.Bootstrap.ForeignLogException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A data directory that another member, or a member of another cluster, has filled. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ForeignLogFailureAnalyzer extends AbstractFailureAnalyzer<ForeignLogException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ForeignLogException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Point quorate.data-dir at this member's own directory, or set quorate.initial-advertise-peer-urls,"
                        + " quorate.initial-cluster and quorate.initial-cluster-token as they were when it was made:"
                        + " ids derive from them.",
                cause);
    }
}
