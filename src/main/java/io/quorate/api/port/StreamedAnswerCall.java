package io.quorate.api.port;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** A unary call whose answer may be handed over before it has been read. Calls of JSON are none. */
public interface StreamedAnswerCall {

    /**
     * Hands over the answer. The message that the service sends next stands for it and is not written: interceptors see it, and
     * its getters need to tell no more than they look at. The call closes the answer, whatever becomes of it. Any thread, once.
     */
    void stream(StreamedAnswer answer);

    /**
     * The call behind an observer, null if it takes whole answers only. It is asked through the interceptors before it, in the one way
     * that they all pass on: whether it is ready.
     */
    static @Nullable StreamedAnswerCall of(StreamObserver<?> observer) {
        if (!(observer instanceof ServerCallStreamObserver<?> server)) {
            return null;
        }
        Question question = new Question();
        Question.ASKED.set(question);
        try {
            return server.isReady() ? question.answer : null;
        } finally {
            Question.ASKED.remove();
        }
    }

    /** What {@link #of} asks on this thread. */
    final class Question {

        private static final ThreadLocal<@Nullable Question> ASKED = new ThreadLocal<>();

        private @Nullable StreamedAnswerCall answer;

        private Question() {}

        /** For the call: it is there, if it is asked for. */
        static void answer(StreamedAnswerCall call) {
            Question question = ASKED.get();
            if (question != null) {
                question.answer = call;
            }
        }
    }
}
