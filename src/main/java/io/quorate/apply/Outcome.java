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
}
