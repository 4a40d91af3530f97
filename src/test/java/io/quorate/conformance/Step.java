package io.quorate.conformance;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.WatchCreateRequest;
import org.jspecify.annotations.Nullable;

/** One thing that a program does. Numbers in requests may be symbols, see {@link Symbols}. */
sealed interface Step {

    /** A call with one answer. */
    record Call(Rpc rpc, Message request) implements Step {

        @Override
        public String toString() {
            return rpc + " " + print(request);
        }
    }

    /** A request on the program's stream of renewals; its answer is awaited. */
    record KeepAlive(LeaseKeepAliveRequest request) implements Step {

        @Override
        public String toString() {
            return "KEEP_ALIVE " + print(request);
        }
    }

    /** A new watcher; waits for the answer and, if the watcher starts in the past, until it has caught up. */
    record WatchCreate(int stream, WatchCreateRequest request) implements Step {

        @Override
        public String toString() {
            return "WATCH_CREATE on stream " + stream + " " + print(request);
        }
    }

    /** The end of a watcher, once it has seen everything. */
    record WatchCancel(int stream, long watchId) implements Step {

        @Override
        public String toString() {
            return "WATCH_CANCEL on stream " + stream + " watch_id: " + watchId;
        }
    }

    /** A request for progress; the answer is awaited if one is owed. */
    record WatchProgress(int stream) implements Step {

        @Override
        public String toString() {
            return "WATCH_PROGRESS on stream " + stream;
        }
    }

    /**
     * A request over HTTP/1.1 with a whole answer.
     *
     * @param request what the body says, absent if it says nothing
     */
    record Http(
            String method,
            String path,
            String body,
            @Nullable Message request) implements Step {

        @Override
        public String toString() {
            return "HTTP " + method + " " + path + " " + body;
        }
    }

    /** A watch over HTTP/1.1, from its answer until everything of now has been seen. */
    record HttpWatch(WatchCreateRequest request, String body) implements Step {

        @Override
        public String toString() {
            return "HTTP POST /v3/watch " + body;
        }
    }

    /** Another step in somebody's name. */
    record As(Who who, Step step) implements Step {

        @Override
        public Step what() {
            return step;
        }

        @Override
        public String toString() {
            return "as " + who + ": " + step;
        }
    }

    /** The step, whoever does it. */
    default Step what() {
        return this;
    }

    private static String print(Message message) {
        return TextFormat.printer().emittingSingleLine(true).printToString(message);
    }
}
