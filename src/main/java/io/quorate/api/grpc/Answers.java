package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.api.error.WireErrors;
import io.quorate.api.port.CallLoop;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Ends unary calls. */
final class Answers {

    private Answers() {}

    /**
     * Answers, on the event loop of the call if this is called there, with what the stage completes with; the type is the
     * one that applying the request built.
     */
    @SuppressWarnings("unchecked") // a request's response type is fixed by its RPC
    static <T extends Message> void send(CompletionStage<? extends Message> result, StreamObserver<T> call) {
        CompletionStage<?> unused = result.whenCompleteAsync(
                (response, failure) -> {
                    if (failure != null) {
                        fail(call, failure);
                    } else {
                        send((T) response, call);
                    }
                },
                CallLoop.current());
    }

    /** Computes the answer here and now. */
    static <T> void compute(Supplier<T> answer, StreamObserver<T> call) {
        T response;
        try {
            response = answer.get();
        } catch (RuntimeException e) { // whatever it is, the caller gets an answer
            fail(call, e);
            return;
        }
        send(response, call);
    }

    /** Ends the call with an error of etcd's table. */
    static void fail(StreamObserver<?> call, Throwable failure) {
        if (!isCancelled(call)) {
            call.onError(WireErrors.of(failure));
        }
    }

    private static <T> void send(T response, StreamObserver<T> call) {
        if (!isCancelled(call)) {
            call.onNext(response);
            call.onCompleted();
        }
    }

    /** A caller that went away gets nothing; writing to its call would throw. */
    private static boolean isCancelled(StreamObserver<?> call) {
        return call instanceof ServerCallStreamObserver<?> server && server.isCancelled();
    }
}
