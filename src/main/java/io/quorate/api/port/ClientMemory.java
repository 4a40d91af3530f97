package io.quorate.api.port;

import io.netty.util.internal.PlatformDependent;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * What a member holds for its clients, in two accounts.
 *
 * @param messages on the heap: requests until they are answered, answers until they have left
 * @param buffers outside the heap: what streams have framed and their clients have not taken yet
 */
public record ClientMemory(MemoryBudget messages, MemoryBudget buffers) implements Metered {

    private static final int MESSAGES_PERCENT = 40;
    private static final int BUFFERS_SHARE = 2;

    /**
     * Budgets of given sizes.
     *
     * @param messageBytes 0 for what this process can spare
     * @param bufferBytes 0 for what this process can spare
     * @param patience how long a call waits for room
     */
    public static ClientMemory of(long messageBytes, long bufferBytes, Duration patience) {
        long messages = messageBytes > 0 ? messageBytes : spareHeapBytes();
        long buffers = bufferBytes > 0 ? bufferBytes : spareDirectBytes();
        return new ClientMemory(new MemoryBudget(messages, patience), new MemoryBudget(buffers, patience));
    }

    /** Of the largest heap that the process may have; the rest is for the index, the log in memory and work. */
    static long spareHeapBytes() {
        return Runtime.getRuntime().maxMemory() / 100 * MESSAGES_PERCENT;
    }

    /** Of the memory outside the heap that Netty may use; the rest is for what connections read and write. */
    static long spareDirectBytes() {
        return PlatformDependent.maxDirectMemory() / BUFFERS_SHARE;
    }

    @Override
    public void register(Meters meters) {
        meters.gauges("quorate_client_memory_held_bytes", "Bytes held for clients.", each(MemoryBudget::heldBytes));
        meters.gauges(
                "quorate_client_memory_limit_bytes",
                "Bytes that may be held before calls wait.",
                each(MemoryBudget::limitBytes));
        meters.gauges("quorate_client_memory_waiting", "Calls that wait for memory.", each(MemoryBudget::waiting));
        meters.counters(
                "quorate_client_memory_waits_total", "Calls that had to wait for memory.", each(MemoryBudget::waits));
        meters.counters(
                "quorate_client_memory_refusals_total",
                "Calls refused for want of memory.",
                each(MemoryBudget::refusals));
    }

    private Consumer<Meters.Points> each(ToLongFunction<MemoryBudget> value) {
        return points -> {
            points.add(value.applyAsLong(messages), "account", "messages");
            points.add(value.applyAsLong(buffers), "account", "buffers");
        };
    }
}
