package io.quorate.api.recipe;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.api.error.WireErrors;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** RecipeResponses calls of the recipes. */
final class RecipeResponses {

    private RecipeResponses() {}

    /** A failure that has a text of its own; etcd gives it no code. */
    static RuntimeException failure(String text) {
        return Status.UNKNOWN.withDescription(text).asRuntimeException();
    }

    /** Answers with what the stage completes with; a call that was cancelled gets nothing. */
    static <A> void send(CompletionStage<A> result, StreamObserver<A> call) {
        Stages.whenDone("a recipe", result, (response, failure) -> {
            if (failure != null) {
                fail(call, failure);
            } else if (!isCancelled(call)) {
                answer(response, call);
            }
        });
    }

    /** An answer that cannot be sent must not leave its caller waiting. */
    private static <A> void answer(A response, StreamObserver<A> call) {
        try {
            call.onNext(response);
            call.onCompleted();
        } catch (RuntimeException | Error e) {
            Stages.report("answering a recipe", e);
            fail(call, e);
        }
    }

    /** The text of the inner call's error, without its code: in etcd it has passed a client. */
    static void fail(StreamObserver<?> call, Throwable failure) {
        Throwable cause = Stages.causeOf(failure);
        if (cause instanceof CancellationException || isCancelled(call)) {
            return;
        }
        Status inner = WireErrors.of(cause).getStatus();
        if (cause instanceof RequestException known && known.error() == RequestError.TOO_MANY_REQUESTS) {
            call.onError(
                    inner.asRuntimeException()); // which no etcd says here: clients must know that they may ask again
            return;
        }
        call.onError(Status.UNKNOWN.withDescription(inner.getDescription()).asRuntimeException());
    }

    private static boolean isCancelled(StreamObserver<?> call) {
        return call instanceof ServerCallStreamObserver<?> server && server.isCancelled();
    }
}
