package io.quorate.ops.failure;

import io.quorate.node.wal.WalCorruptException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A log damaged before its end; the member refuses to start from it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class WalCorruptFailureAnalyzer extends AbstractFailureAnalyzer<WalCorruptException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WalCorruptException cause) {
        return new FailureAnalysis(
                "The log is damaged:\n\n    " + cause.file() + " at byte " + cause.offset() + ": " + cause.reason(),
                Rebuild.ACTION,
                cause);
    }
}
