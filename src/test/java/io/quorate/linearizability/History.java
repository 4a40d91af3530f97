package io.quorate.linearizability;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what clients ask and what they are told. Any thread; the order in which calls here get their turn is taken for
 * the order of time. That is safe: a client asks after the one call and is told before the other, so an operation only
 * seems to last longer than it did.
 */
public final class History {

    private final List<Call> calls = new ArrayList<>();
    private long moment;

    /** An operation under way; at most one of the two ends comes, and none when the outcome stays unknown. */
    public final class Call {

        private final int client;
        private final Command command;
        private final long called = ++moment;
        private long returned = Operation.NEVER;
        private @Nullable Answer answer;

        private Call(int client, Command command) {
            this.client = client;
            this.command = command;
        }

        /** The answer came. */
        public void returned(Answer received) {
            synchronized (History.this) {
                answer = received;
                returned = ++moment;
            }
        }

        /** It is certain that the operation had no effect and will have none. */
        public void failed() {
            synchronized (History.this) {
                calls.remove(this);
            }
        }

        /** What was asked. */
        public Command command() {
            return command;
        }

        private Operation operation() {
            return new Operation(client, command, answer, called, returned);
        }
    }

    /** A client asks now. */
    public synchronized Call call(int client, Command command) {
        Call call = new Call(client, command);
        calls.add(call);
        return call;
    }

    /** All operations that may have had an effect, and those that were answered, in the order of the calls. */
    public synchronized List<Operation> operations() {
        return calls.stream()
                .map(Call::operation)
                .filter(operation -> operation.answer() != null || !(operation.command() instanceof Command.Read))
                .toList();
    }

    /**
     * Passes the verdict.
     *
     * @throws AssertionError if no order explains all answers
     */
    public void assertLinearizable() {
        Linearizability.refute(operations()).ifPresent(explanation -> {
            throw new AssertionError(explanation);
        });
    }

    /** How many operations were answered. */
    public synchronized long answered() {
        return calls.stream().filter(call -> call.answer != null).count();
    }
}
