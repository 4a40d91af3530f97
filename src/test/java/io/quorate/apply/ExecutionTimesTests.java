package io.quorate.apply;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.apply.ApplierChain.TimedApplier;
import io.quorate.fixture.ManualClock;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.TxnRequest;
import io.quorate.raft.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecutionTimesTests {

    private static final Duration SLOW = Duration.ofMillis(100);
    private final ManualClock clock = new ManualClock();
    private final List<String> seen = new ArrayList<>();
    private final ExecutionTimes times = new ExecutionTimes(
            () -> SLOW,
            new ExecutionTimes.Observer() {

                @Override
                public void applied(RequestKind kind, Outcome outcome, long nanos) {
                    seen.add(kind.wireName() + " " + nanos);
                }

                @Override
                public void read(boolean success, long nanos) {
                    seen.add("read " + success + " " + nanos);
                }
            },
            clock);

    private Duration took = Duration.ofNanos(5);
    private final Applier timed = new TimedApplier(times, (request, batch, term) -> {
        clock.advance(took);
        return new Outcome.Done(PutResponse.getDefaultInstance());
    });

    private void apply() {
        timed.apply(
                InternalRaftRequest.newBuilder()
                        .setPut(PutRequest.getDefaultInstance())
                        .build(),
                untouched(),
                Entry.empty(1, 1));
    }

    @Test
    void applyIsTimedAndOnlySlowOnesAreCounted() {
        apply();
        assertThat(seen).containsExactly("Put 5");
        assertThat(times.slowCount()).isZero();
        took = SLOW.plusNanos(1);
        apply();
        assertThat(times.slowCount()).isEqualTo(1);
    }

    @Test
    void readIsTimedIfItIsARange() {
        long started = times.now();
        clock.advance(Duration.ofNanos(7));
        times.read(RequestKind.RANGE, RangeRequest.getDefaultInstance(), false, started);
        times.read(RequestKind.TXN, TxnRequest.getDefaultInstance(), true, started);
        assertThat(seen).containsExactly("read false 7");
        clock.advance(SLOW);
        times.read(RequestKind.TXN, TxnRequest.getDefaultInstance(), true, started);
        assertThat(times.slowCount()).isEqualTo(1);
    }
}
