package io.quorate.wiring;

import io.quorate.base.Delays;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.proposal.MembershipChanges;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Asks for the promotion of this member while it is a learner, until it is granted: an operator that adds members by a platform which
 * cannot wait for them to catch up has nobody else to ask. The leader knows when the time has come.
 */
@Slf4j
@RequiredArgsConstructor
class AutoPromotion implements ApplicationListener<ApplicationReadyEvent> {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Membership membership;
    private final MembershipChanges changes;
    private final Delays delays;
    private final RunLoopLifecycle member;

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        ask();
    }

    private void ask() {
        Member self = membership.member(membership.localId());
        if (self != null && self.isLearner() && member.isRunning()) {
            CompletionStage<?> unused =
                    changes.promote(self.id()).whenComplete((ignored, failure) -> answered(failure));
        }
    }

    private void answered(@Nullable Throwable failure) {
        if (failure == null) {
            log.info("promoted to a voter");
        } else {
            log.debug("not promoted yet: {}", failure.toString());
            delays.after(PAUSE, this::ask);
        }
    }
}
