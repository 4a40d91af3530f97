package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.PutResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whatever happens to an answer, its caller gets a status. */
class AnswersTests {

    /** A call whose answer cannot be written. */
    private static final class Broken implements StreamObserver<PutResponse> {

        private final List<Status> ends = new ArrayList<>();
        private final Throwable failure;

        Broken(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void onNext(PutResponse response) {
            switch (failure) {
                case RuntimeException exception -> throw exception;
                case Error error -> throw error;
                default -> throw new AssertionError(failure);
            }
        }

        @Override
        public void onError(Throwable end) {
            ends.add(Status.fromThrowable(end));
        }

        @Override
        public void onCompleted() {
            ends.add(Status.OK);
        }
    }

    @Test
    void sendWhenAnswerCannotBeWrittenEndsTheCall() {
        Broken call = new Broken(new IllegalStateException("secret"));
        Answers.send(CompletableFuture.completedFuture(PutResponse.getDefaultInstance()), call);
        assertThat(call.ends).singleElement().satisfies(end -> {
            assertThat(end.getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(end.getDescription()).doesNotContain("secret");
        });
    }

    @Test
    void sendWhenMemoryIsLackingRefusesTheCall() {
        Broken call = new Broken(new OutOfMemoryError("Cannot reserve bytes of direct buffer memory"));
        Answers.send(CompletableFuture.completedFuture(PutResponse.getDefaultInstance()), call);
        assertThat(call.ends).singleElement().satisfies(end -> {
            assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(end.getDescription()).isEqualTo("etcdserver: too many requests");
        });
    }

    @Test
    void computeWhenAnErrorIsThrownEndsTheCall() {
        Broken call = new Broken(new AssertionError());
        Answers.<PutResponse>compute(
                () -> {
                    throw new StackOverflowError();
                },
                call);
        assertThat(call.ends).singleElement().extracting(Status::getCode).isEqualTo(Status.Code.INTERNAL);
    }
}
