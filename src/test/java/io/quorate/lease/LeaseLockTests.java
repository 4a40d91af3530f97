package io.quorate.lease;

import static io.quorate.lease.LeaseFixture.ELECTION;
import static io.quorate.lease.LeaseFixture.TERM;
import static io.quorate.lease.LeaseFixture.key;
import static org.awaitility.Awaitility.await;

import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever one thread calls, the lock is free afterwards for all others. */
class LeaseLockTests {

    record Call(String name, Consumer<LeaseManager> code) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Call> calls() {
        return Stream.of(
                new Call("grant", leases -> leases.grant(2, 10)),
                new Call("revoke", leases -> leases.revoke(1)),
                new Call("attach", leases -> leases.attach(1, key("k"))),
                new Call("detach", leases -> leases.detach(1, key("attached"))),
                new Call("checkpoint", leases -> leases.checkpoint(List.of(new LeaseCheckpoint(1, 5)))),
                new Call("promote", leases -> leases.promote(TERM, ELECTION)),
                new Call("demote", LeaseManager::demote),
                new Call("restore", LeaseManager::restore),
                new Call("renew", leases -> leases.renew(1)),
                new Call("timeToLive", leases -> leases.timeToLive(1, true)),
                new Call("lookup", leases -> leases.lookup(1)),
                new Call("leases", LeaseManager::leases),
                new Call("isPrimary", LeaseManager::isPrimary),
                new Call("doWork", LeaseManager::doWork));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void callWhenItHasReturnedHoldsNobodyUp(Call call) {
        LeaseFixture fixture = LeaseFixture.primary();
        fixture.leases.grant(1, 2);
        fixture.leases.attach(1, key("attached"));
        fixture.accepts = false; // so that what expired is offered again
        fixture.nanos += ELECTION.multipliedBy(5).toNanos();
        call.code().accept(fixture.leases);
        Thread other = Thread.ofPlatform().daemon().start(fixture.leases::leases);
        await().until(() -> !other.isAlive());
    }
}
