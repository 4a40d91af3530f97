package io.quorate.api.web;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.quorate.api.port.AnswerMemory;
import io.quorate.api.port.BridgedClient;
import io.quorate.base.Stages;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request of the REST API, as controllers see it: the calls it makes, in the name of its client. A call ends when the client goes away.
 * Used by the thread of the request.
 */
public final class RestRequest implements AutoCloseable {

    /** A request exists about so often: as it goes into the log, to the disk and to the store. */
    private static final int FORMS = 4;

    /** An answer exists once more as what is printed, and as text, which may take twice as much. */
    private static final int PRINTED_FORMS = 3;

    private static final long ALWAYS_PRINTED_BYTES = 8 * 1024 * 1024;

    private final Services services;
    private final Sessions sessions;
    private final BridgedClient client;
    private final RestCaller caller;
    private final RequestMemory memory;
    private final int requestBytesMax;

    RestRequest(
            Services services,
            Sessions sessions,
            BridgedClient client,
            RestCaller caller,
            RequestMemory memory,
            int requestBytesMax) {
        this.requestBytesMax = requestBytesMax;
        this.services = services;
        this.sessions = sessions;
        this.client = client;
        this.caller = caller;
        this.memory = memory;
    }

    /**
     * Makes a call with one answer and waits for it.
     *
     * @throws Problem with what the service says, if it refuses
     */
    <Q extends MessageLite, A extends MessageLite> A call(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, 0);
    }

    /**
     * The same for an answer of which little is kept: its memory is given back.
     *
     * @param taken takes from the answer what is needed of it
     */
    <Q extends MessageLite, A extends MessageLite, R> R call(
            MethodDescriptor<Q, A> method, Q request, Function<A, R> taken) {
        long before = memory.heldBytes();
        try {
            return taken.apply(call(method, request));
        } finally {
            memory.releaseTo(before);
        }
    }

    /**
     * The same for a call that may have to wait for others.
     *
     * @param seconds after which it ends with a problem, 0 for no limit
     */
    <Q extends MessageLite, A extends MessageLite> A call(MethodDescriptor<Q, A> method, Q request, long seconds) {
        if (request.getSerializedSize() > requestBytesMax) {
            throw Problem.tooLarge(requestBytesMax);
        }
        memory.need((long) FORMS * request.getSerializedSize());
        Outcome<A> outcome = attempt(method, request, seconds, sessions.caller(this, caller), client.gone());
        if (GrpcProblems.isOldToken(outcome.status()) && sessions.forget(caller)) {
            outcome = attempt(method, request, seconds, sessions.caller(this, caller), client.gone());
        }
        if (seconds > 0 && outcome.status().getCode() == Status.Code.DEADLINE_EXCEEDED) {
            throw new Problem(409, "held", "Somebody else has it", "not free within " + seconds + " seconds");
        }
        return answered(outcome);
    }

    /** Makes a call in the name of nobody: a login. */
    <Q extends MessageLite, A extends MessageLite> A callAsNobody(MethodDescriptor<Q, A> method, Q request) {
        return answered(attempt(method, request, 0, caller.anonymous(), client.gone()));
    }

    /** Makes a call that takes back what another one did, also if the client has gone. */
    <Q extends MessageLite, A extends MessageLite> A callAnyway(MethodDescriptor<Q, A> method, Q request) {
        return answered(attempt(method, request, 0, sessions.caller(this, caller), new CompletableFuture<>()));
    }

    /** The caller; one with a password has a token in its place now. */
    RestCaller caller() {
        return sessions.caller(this, caller);
    }

    /** Completed when the client has its answer or has gone. */
    CompletionStage<Boolean> gone() {
        return client.gone();
    }

    private <Q extends MessageLite, A extends MessageLite> Outcome<A> attempt(
            MethodDescriptor<Q, A> method,
            Q request,
            long seconds,
            RestCaller as,
            CompletionStage<Boolean> cancellation) {
        OneAnswer<A> answer = new OneAnswer<>();
        RestCaller limited = seconds == 0 ? as : as.within(TimeUnit.SECONDS.toNanos(seconds));
        InnerCall<Q, A> call = services.call(method, limited, answer);
        Stages.whenDone("a client that left", cancellation, (left, failure) -> call.cancel());
        try {
            call.start();
            call.send(request);
            call.endRequests();
        } catch (RejectedExecutionException e) {
            throw Problem.unavailable("the member is stopping");
        }
        Outcome<A> outcome = answer.outcome.join();
        memory.own(answer.heldBytes);
        return outcome;
    }

    private <A extends MessageLite> A answered(Outcome<A> outcome) {
        if (!outcome.status().isOk()) {
            throw Problem.of(outcome.status());
        }
        A answer = outcome.answer();
        if (answer == null) {
            throw Problem.internal();
        }
        long bytes = (long) PRINTED_FORMS * answer.getSerializedSize();
        if (bytes <= ALWAYS_PRINTED_BYTES) { // it may tell of a change that was made
            memory.exists(bytes);
        } else {
            memory.need(bytes);
        }
        return answer;
    }

    @Override
    public void close() {
        memory.close();
    }

    /** How a call ended. */
    private record Outcome<A>(Status status, @Nullable A answer) {}

    /** Waits for the one answer of a call, which is seen by its end. */
    private final class OneAnswer<A extends MessageLite> implements InnerCall.Receiver<A> {

        private final CompletableFuture<Outcome<A>> outcome = new CompletableFuture<>();
        private @Nullable A first;
        private long heldBytes;

        @Override
        public void answer(A answer) {
            heldBytes += AnswerMemory.take(services.memory(), answer.getSerializedSize());
            if (first == null) {
                first = answer;
            }
        }

        @Override
        public void end(Status status) {
            outcome.complete(new Outcome<>(status, first));
        }
    }
}
