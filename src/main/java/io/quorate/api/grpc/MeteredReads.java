package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quorate.api.port.AnswerMemory;
import io.quorate.api.port.MemoryBudget;
import io.quorate.api.port.StreamedAnswerCall;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.OpenRange;
import io.quorate.proposal.ReadPool;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes answers to reads within the memory for clients. A read that finds no room for its next record lets go of what it
 * has, waits until there is room for twice as much, and reads again; so it starts over a few times at most. One that waits
 * too long, or is larger than all that memory, is refused. A large range in key order, for a call that can take it piece by
 * piece, is not gathered beyond {@link Gathering#GATHERED_BYTES_MAX}, nor if there is no room: the call holds a view of the state
 * instead, and memory for what its client takes next.
 *
 * <p>Reads and answers on the thread that calls, which is one of those for small reads; on one of those for large reads after a
 * slice, or after a wait.
 */
public final class MeteredReads implements Metered {

    /** What a record takes beside its bytes. */
    static final int RECORD_OVERHEAD = 160;

    /** What of the state may be held for clients that take their lists; with all of these in use a list is gathered. */
    private static final int VIEWS_MAX = 64;

    private final MemoryBudget memory;
    private final ReadPool large;
    private final Semaphore views = new Semaphore(VIEWS_MAX);

    /** @param large where reads go on that are too large for the threads of small ones, or have waited */
    public MeteredReads(MemoryBudget memory, ReadPool large) {
        this.memory = memory;
        this.large = large;
    }

    /** Answers a call with what a read makes, here or, if that takes longer than a slice, on the threads for large reads. */
    <T extends Message> void answer(StreamObserver<T> call, Function<RecordMeter, T> read) {
        try {
            attempt(call, read, 0, new ReadSlice());
        } catch (ReadSlice.UsedUpException e) {
            try {
                large.admit(() -> answerLarge(call, read, 0));
            } catch (RequestException refused) { // too many wait already, or the member stops
                Answers.fail(call, refused);
            }
        }
    }

    /** Where streams of ranges are read, too. */
    Executor large() {
        return large;
    }

    /** Counts what a read takes, and ends it when that is too much. */
    private record Meter(AnswerMemory room, @Nullable ReadSlice slice) implements RecordMeter {

        @Override
        public void visit() {
            if (slice != null) {
                slice.visit();
            }
        }

        @Override
        public void take(int encoded) {
            long bytes = encoded + RECORD_OVERHEAD;
            if (slice != null) {
                slice.take(bytes);
            }
            room.add(bytes);
        }
    }

    private <T extends Message> void attempt(
            StreamObserver<T> call, Function<RecordMeter, T> read, long heldBytes, @Nullable ReadSlice slice) {
        AnswerMemory room = new AnswerMemory(memory, heldBytes);
        boolean lacking = false;
        try (room) {
            send(read.apply(new Meter(room, slice)), room, call);
        } catch (ReadSlice.UsedUpException e) {
            throw e;
        } catch (AnswerMemory.NoRoomException e) {
            lacking = true;
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            Answers.fail(call, e);
        }
        if (lacking) { // and everything has been given back
            await(call, read, room.usedBytes());
        }
    }

    private static <T extends Message> void send(T response, AnswerMemory room, StreamObserver<T> call) {
        room.settle(response.getSerializedSize());
        room.offer(() -> Answers.send(response, call));
    }

    private <T extends Message> void answerLarge(
            StreamObserver<T> call, Function<RecordMeter, T> read, long heldBytes) {
        StreamedAnswerCall streaming = StreamedAnswerCall.of(call);
        if (streaming == null || !views.tryAcquire()) {
            attempt(call, read, heldBytes, null);
            return;
        }
        AnswerMemory room = new AnswerMemory(memory, heldBytes);
        Gathering gathering = new Gathering(room);
        Runnable leave = views::release;
        boolean lacking = false;
        try (room;
                gathering) {
            T response = read.apply(gathering);
            OpenRange range = gathering.rest();
            if (range == null) {
                send(response, room, call);
            } else {
                StreamedRange streamed = new StreamedRange(range, response, large, views::release);
                checkSize(streamed.bytes());
                gathering.taken();
                leave = () -> {};
                streaming.stream(streamed);
                Answers.send(response, call);
            }
        } catch (AnswerMemory.NoRoomException e) {
            lacking = true;
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            Answers.fail(call, e);
        } finally {
            leave.run();
        }
        if (lacking) {
            await(call, read, room.usedBytes());
        }
    }

    /** As etcd says it, whose bound is that of gRPC, too. */
    private static void checkSize(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("grpc: trying to send message larger than max (" + bytes + " vs. "
                            + Integer.MAX_VALUE + ")")
                    .asRuntimeException();
        }
    }

    private <T extends Message> void await(StreamObserver<T> call, Function<RecordMeter, T> read, long usedBytes) {
        if (!memory.canEverHold(usedBytes)) {
            memory.refused();
            Answers.fail(call, tooLarge());
            return;
        }
        long wanted = Math.min(memory.limitBytes(), 2 * usedBytes);
        Stages.whenDone(
                "waiting for memory",
                memory.await(wanted).thenAcceptAsync(granted -> goOn(call, read, wanted, granted), large),
                (ignored, failure) -> {
                    if (failure != null) {
                        Answers.fail(call, failure);
                    }
                });
    }

    private <T extends Message> void goOn(
            StreamObserver<T> call, Function<RecordMeter, T> read, long bytes, boolean granted) {
        if (!granted) {
            memory.refused();
            Answers.fail(call, new RequestException(RequestError.TOO_MANY_REQUESTS));
        } else if (Answers.isCancelled(call)) {
            memory.release(bytes);
        } else {
            answerLarge(call, read, bytes);
        }
    }

    private RuntimeException tooLarge() {
        return Status.RESOURCE_EXHAUSTED
                .withDescription("the answer is larger than the memory for clients, " + memory.limitBytes()
                        + " bytes; ask with a limit, or set quorate.limits.client-memory")
                .asRuntimeException();
    }

    @Override
    public void register(Meters meters) {
        meters.gauge(
                "quorate_lists_open",
                "Large lists that are read while their clients take them, 64 at most.",
                () -> VIEWS_MAX - views.availablePermits());
    }
}
