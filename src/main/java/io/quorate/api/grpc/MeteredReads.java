package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quorate.api.port.MemoryBudget;
import io.quorate.api.port.MemoryRoom;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.mvcc.RecordMeter;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Makes answers to reads within the memory for clients. A read that finds no room for its next record lets go of what it
 * has, waits until there is room for twice as much, and reads again; so it starts over a few times at most. One that waits
 * too long, or is larger than all that memory, is refused.
 *
 * <p>Reads and answers on the thread that calls, which is one of the pool, or on another one of it after a wait.
 */
public final class MeteredReads {

    /** What a record takes beside its bytes. */
    private static final int RECORD_OVERHEAD = 160;

    private final MemoryBudget memory;
    private final Executor pool;

    /** @param pool where reads go on that have waited */
    public MeteredReads(MemoryBudget memory, Executor pool) {
        this.memory = memory;
        this.pool = pool;
    }

    /** Answers a call with what a read makes. */
    <T extends Message> void answer(StreamObserver<T> call, Function<RecordMeter, T> read) {
        attempt(call, read, 0);
    }

    private <T extends Message> void attempt(StreamObserver<T> call, Function<RecordMeter, T> read, long heldBytes) {
        MemoryRoom room = new MemoryRoom(memory, heldBytes);
        boolean lacking = false;
        try (room) {
            T response = read.apply(record -> room.add(bytes(record)));
            room.settle(response.getSerializedSize());
            room.offer(() -> Answers.send(response, call));
        } catch (MemoryRoom.NoRoomException e) {
            lacking = true;
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            Answers.fail(call, e);
        }
        if (lacking) { // and everything has been given back
            await(call, read, room.usedBytes());
        }
    }

    private static long bytes(KeyValue record) {
        return record.getSerializedSize() + RECORD_OVERHEAD;
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
                memory.await(wanted).thenAcceptAsync(granted -> goOn(call, read, wanted, granted), pool),
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
            attempt(call, read, bytes);
        }
    }

    private RuntimeException tooLarge() {
        return Status.RESOURCE_EXHAUSTED
                .withDescription("the answer is larger than the memory for clients, " + memory.limitBytes()
                        + " bytes; ask with a limit, or set quorate.limits.client-memory")
                .asRuntimeException();
    }
}
