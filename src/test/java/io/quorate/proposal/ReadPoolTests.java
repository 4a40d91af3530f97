package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReadPoolTests {

    @Test
    void admitWhenClosedSaysThatTheMemberStops() {
        ReadPool pool = new ReadPool("read", 1, 10);
        pool.close();
        assertThatThrownBy(() -> pool.admit(() -> {}))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(RequestError.STOPPED));
    }

    @Test
    void executeWhenClosedLeavesNobodyWaiting() {
        ReadPool pool = new ReadPool("read", 1, 10);
        pool.close();
        AtomicBoolean done = new AtomicBoolean();
        pool.execute(() -> done.set(true));
        assertThat(done).isTrue();
    }
}
