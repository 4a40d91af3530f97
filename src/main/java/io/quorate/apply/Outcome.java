package io.quorate.apply;

import com.google.protobuf.Message;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What applying a request led to. */
public sealed interface Outcome {

    /** Applied; this is the answer. */
    record Done(Message response) implements Outcome {}

    /** Refused without effect. */
    record Refused(RuntimeException cause) implements Outcome {}

    /** Applied, but the caller waits for work that goes on in the background; asked for after the write. */
    record Later(Supplier<CompletionStage<Message>> stage) implements Outcome {}

    /** Where outcomes go; only the member that proposed a request awaits one. */
    interface OutcomeSink {

        /** Whether a call on this member waits for the request. */
        boolean isAwaited(long id);

        /** The outcomes that follow belong to entries that were known to be committed at that time of the monotonic clock. */
        void committed(long nanos);

        /** Hands over the outcome, after the write that contains it. Ignored when no call waits. */
        void complete(long id, Outcome outcome);
    }
}
