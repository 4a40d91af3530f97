package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.proposal.Proposer;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.repair.StateRebuild;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Takes back the CORRUPT alarm that was raised for this member, after it has rebuilt its state and so is right again. */
@Slf4j
@RequiredArgsConstructor
class AlarmWithdrawal implements ApplicationListener<ApplicationReadyEvent> {

    private final StateRebuild rebuild;
    private final Alarms alarms;
    private final long memberId;
    private final Proposer proposer;
    private final BooleanSupplier running;

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (rebuild.isDone() && alarms.isRaised(AlarmType.CORRUPT)) {
            withdraw();
        }
    }

    private void withdraw() {
        AlarmRequest.Builder alarm = AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                .setMemberID(memberId)
                .setAlarm(AlarmType.CORRUPT);
        CompletionStage<?> unused = proposer.propose(
                        InternalRaftRequest.newBuilder().setAlarm(alarm))
                .whenComplete((done, failure) -> ended(failure));
    }

    private void ended(@Nullable Throwable failure) {
        if (failure == null) {
            log.info("withdrew the CORRUPT alarm of this member, whose state is right again");
        } else if (running.getAsBoolean()) {
            log.warn("the CORRUPT alarm of this member could not be withdrawn, will retry: {}", failure.toString());
            withdraw();
        }
    }
}
