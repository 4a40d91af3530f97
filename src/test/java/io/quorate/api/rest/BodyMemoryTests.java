package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.port.MemoryBudget;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that does not take its answer keeps memory from others for a bounded time. */
class BodyMemoryTests {

    private static final long ANSWER = 640 * 1024;

    private final MemoryBudget memory = new MemoryBudget(1 << 20, Duration.ofSeconds(2));
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> asked = new ArrayList<>();
    private final BodyMemory room = new BodyMemory(memory, exchange(), status -> asked.add(status.toString()));

    private HttpExchange exchange() {
        return (HttpExchange) Proxy.newProxyInstance(
                HttpExchange.class.getClassLoader(), new Class<?>[] {HttpExchange.class}, (self, method, arguments) -> {
                    if (method.getName().equals("eventLoop")) {
                        return channel.eventLoop();
                    }
                    asked.add(method.getName());
                    return null;
                });
    }

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void leavingWhenOthersWaitAndTheClientTakesNothingIsBrokenOff() {
        room.hold(ANSWER);
        room.leaving(ANSWER);
        pass(11); // 2 s and 10 s for its size
        assertThat(memory.await(ANSWER)).isNotDone();
        pass(2);
        assertThat(asked).containsExactly("abort");
        assertThat(memory.refusals()).isEqualTo(1);
    }

    @Test
    void leavingWhenNobodyWaitsMayTakeItsTime() {
        room.hold(ANSWER);
        room.leaving(ANSWER);
        pass(600);
        assertThat(asked).isEmpty();
        assertThat(memory.await(ANSWER)).isNotDone();
        pass(2);
        assertThat(asked).containsExactly("abort");
    }

    @Test
    void leavingWhenTheAnswerHasLeftIsForgotten() {
        room.hold(ANSWER);
        room.leaving(ANSWER);
        room.release();
        assertThat(memory.heldBytes()).isZero();
        room.leaving(ANSWER);
        pass(600);
        assertThat(asked).isEmpty();
        assertThat(channel.runScheduledPendingTasks()).isNegative();
    }
}
