package io.quorate.integration.auth;

import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The first answer of a streaming call, which is cancelled after it; its failure if there is none. */
final class FirstAnswer implements ClientResponseObserver<Message, Message> {

    private final CompletableFuture<Message> first = new CompletableFuture<>();

    private FirstAnswer() {}

    static Message of(ClientCall<Message, Message> call, Message request) {
        FirstAnswer answer = new FirstAnswer();
        StreamObserver<Message> requests = ClientCalls.asyncBidiStreamingCall(call, answer);
        requests.onNext(request);
        requests.onCompleted();
        try {
            return answer.first.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StatusRuntimeException status) {
                throw status;
            }
            throw e;
        } finally {
            call.cancel("the first answer is enough", null);
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Message> requests) {
        // nothing to set
    }

    @Override
    public void onNext(Message answer) {
        first.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
        first.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        first.completeExceptionally(Status.OK.withDescription("no answer").asRuntimeException());
    }
}
