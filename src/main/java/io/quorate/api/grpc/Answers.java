package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.api.error.WireErrors;
import io.quorate.api.port.CallLoop;
import io.quorate.base.Stages;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Ends unary calls. The caller gets a status whatever happens, and unexpected failures are logged. */
final class Answers {

    private Answers() {}

    /**
     * Answers, on the event loop of the call if this is called there, with what the stage completes with; the type is the
     * one that applying the request built.
     */
    @SuppressWarnings("unchecked") // a request's response type is fixed by its RPC
    static <T extends Message> void send(CompletionStage<? extends Message> result, StreamObserver<T> call) {
        Executor loop = CallLoop.current();
        Stages.whenDone(
                "handing an answer to its event loop",
                result,
                (response, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        fail(call, failure);
                    } else {
                        send((T) response, call);
                    }
                }));
    }

    /** Computes the answer here and now. */
    static <T> void compute(Supplier<T> answer, StreamObserver<T> call) {
        T response;
        try {
            response = answer.get();
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            fail(call, e);
            return;
        }
        send(response, call);
    }

    /** Ends the call with an error of etcd's table. */
    static void fail(StreamObserver<?> call, Throwable failure) {
        if (isCancelled(call)) {
            return;
        }
        try {
            call.onError(WireErrors.of(failure));
        } catch (RuntimeException | Error e) { // the call has ended meanwhile, or cannot
            e.addSuppressed(failure);
            Stages.report("ending a call", e);
        }
    }

    /** Answers here and now. */
    static <T> void send(T response, StreamObserver<T> call) {
        if (isCancelled(call)) {
            return;
        }
        try {
            call.onNext(response);
            call.onCompleted();
        } catch (RuntimeException | Error e) { // an answer that cannot be sent must not leave its caller waiting
            fail(call, e);
        }
    }

    /** A caller that went away gets nothing; writing to its call would throw. */
    static boolean isCancelled(StreamObserver<?> call) {
        return call instanceof ServerCallStreamObserver<?> server && server.isCancelled();
    }
}
