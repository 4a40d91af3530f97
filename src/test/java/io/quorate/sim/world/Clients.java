package io.quorate.sim.world;

import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.linearizability.History;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clients, each of which does one thing after the other and gives up on an answer after a while. The keys change with
 * time, so that the history of each stays short enough to be judged.
 */
public final class Clients {

    /** How many there are. */
    public static final int COUNT = 4;

    private static final long PAUSE_MICROS = 60_000;
    private static final long KEY_LIFE_MICROS = 5_000_000;

    private final Timeline timeline;
    private final RandomGenerator random;
    private final History history;
    private final long patienceMicros;
    private Consumer<ClientOperation> service = turn -> {};
    private long values;
    private boolean ended;

    /**
     * @param patienceMicros how long a client waits for an answer
     */
    public Clients(Timeline timeline, RandomGenerator random, History history, long patienceMicros) {
        this.timeline = timeline;
        this.random = random;
        this.history = history;
        this.patienceMicros = patienceMicros;
    }

    /**
     * Lets them come.
     *
     * @param cluster serves a client whose turn it is, or lets it go without an operation
     */
    public void begin(Consumer<ClientOperation> cluster) {
        service = cluster;
        for (int client = 0; client < COUNT; client++) {
            later(client);
        }
    }

    /** Nobody asks for anything more. */
    public void end() {
        ended = true;
    }

    private void later(int client) {
        timeline.after(1 + random.nextLong(2 * PAUSE_MICROS), () -> ask(client));
    }

    private void ask(int client) {
        if (ended) {
            return;
        }
        ClientOperation turn = new ClientOperation(client);
        service.accept(turn);
        if (turn.call == null) {
            later(client);
        } else {
            timeline.after(patienceMicros, turn::unknown);
        }
    }

    /** A client's turn, and its operation; the first of an operation's ends counts. */
    public final class ClientOperation {

        private final int client;
        private History.@Nullable Call call;
        private boolean over;

        private ClientOperation(int client) {
            this.client = client;
        }

        /** The client begins an operation now. */
        public Command begin() {
            Command command = randomCommand();
            call = history.call(client, command);
            return command;
        }

        /** It is done. */
        public void answered(Answer answer) {
            end(() -> begun().returned(answer));
        }

        /** It never happened and never will. */
        public void refused() {
            end(() -> begun().failed());
        }

        /** It may still happen. */
        public void unknown() {
            end(() -> {});
        }

        private History.Call begun() {
            if (call == null) {
                throw new IllegalStateException("an end before the begin");
            }
            return call;
        }

        private void end(Runnable outcome) {
            if (!over) {
                over = true;
                outcome.run();
                later(client);
            }
        }
    }

    private Command randomCommand() {
        String key = random.nextInt(4) == 0 ? twin(key()) : key();
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Command.Read(key);
            case 3, 4 -> new Command.Put(key, ++values);
            case 5, 6 -> new Command.CompareAndSwap(key, random.nextLong(values + 1), ++values);
            default -> new Command.Txn(Map.of(key, 0L), Map.of(key, ++values, twin(key), values));
        };
    }

    private String key() {
        return "k" + timeline.nowMicros() / KEY_LIFE_MICROS + "-" + random.nextInt(3);
    }

    /** A second key that changes together with some changes of the first. */
    private static String twin(String key) {
        return key + "'";
    }
}
