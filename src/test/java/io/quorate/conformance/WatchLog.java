package io.quorate.conformance;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.WatchCancelRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchProgressRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Watch stream, what its watchers saw, and whether they saw it in the way that etcd promises. The program's thread
 * asks, the connection's thread records; the lock is the object itself.
 */
final class WatchLog implements StreamObserver<WatchResponse>, AutoCloseable {

    /** In the place of an answer that may come and need not. */
    static final String NOT_OWED = "no answer is owed";

    private final StreamObserver<WatchRequest> requests;
    private final ArrayDeque<WatchCreateRequest> asked = new ArrayDeque<>();
    private final ArrayDeque<WatchResponse> created = new ArrayDeque<>();
    private final ArrayDeque<WatchResponse> progress = new ArrayDeque<>();
    private final Map<Long, Watched> byId = new HashMap<>();
    private final List<Watched> all = new ArrayList<>();
    private final List<WatchResponse> stray = new ArrayList<>();
    private @Nullable Status end;

    WatchLog(Channel channel) {
        requests = WatchGrpc.newStub(channel).watch(this);
    }

    /** One watcher of the stream. */
    final class Watched {

        private final WatchCreateRequest request;
        private final WatchedEvents events = new WatchedEvents();
        private @Nullable WatchResponse canceled;

        /** Whether the program has learned of the end; when it comes by itself, that takes one server longer than another. */
        private boolean isKnownToHaveEnded;

        Watched(WatchCreateRequest request) {
            this.request = request;
        }

        WatchCreateRequest request() {
            return request;
        }

        /** Waits for events up to a revision, or for the end of the watcher; if it is to see none, nobody knows when it ends. */
        void await(long revision) {
            if (revision != 0) {
                Watched unused = waitFor(() -> canceled != null || events.lastRevision() >= revision ? this : null);
                isKnownToHaveEnded = canceled != null;
            }
        }
    }

    @Override
    public synchronized void onNext(WatchResponse response) {
        Watched watched = byId.get(response.getWatchId());
        if (response.getCreated()) {
            WatchCreateRequest request = asked.remove();
            if (!response.getCanceled()) {
                Watched fresh = new Watched(request);
                byId.put(response.getWatchId(), fresh);
                all.add(fresh);
            }
            created.add(response);
        } else if (isProgress(response)) {
            progress.add(response);
        } else if (watched == null || watched.canceled != null) {
            stray.add(response);
        } else if (response.getCanceled()) {
            watched.canceled = response;
        } else {
            watched.events.add(response);
        }
        notifyAll();
    }

    /** Id -1 is that of the whole stream, and a program may have given it to a watcher, too. */
    private static boolean isProgress(WatchResponse response) {
        return response.getWatchId() == -1 && response.getEventsCount() == 0 && !response.getCanceled();
    }

    @Override
    public synchronized void onError(Throwable error) {
        end = Status.fromThrowable(error);
        notifyAll();
    }

    @Override
    public synchronized void onCompleted() {
        end = Status.OK;
        notifyAll();
    }

    /** Asks for a watcher and returns the answer. */
    synchronized JsonNode create(WatchCreateRequest request, Names names) {
        asked.add(request);
        requests.onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
        return tree(waitFor(created::poll), names);
    }

    /** Ends a watcher and returns the answer, which only a known one gets. */
    synchronized JsonNode cancel(long watchId, Names names) {
        requests.onNext(WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(watchId))
                .build());
        Watched watched = byId.get(watchId);
        if (watched == null || watched.isKnownToHaveEnded) {
            return JsonNodeFactory.instance.stringNode(NOT_OWED);
        }
        watched.isKnownToHaveEnded = true;
        return tree(waitFor(() -> watched.canceled), names);
    }

    /**
     * Asks for progress and returns the answer, which is owed if every watcher has caught up and reached its start.
     *
     * @param revision the one that all watchers have seen, 0 if there are none
     */
    synchronized JsonNode progress(long revision, Names names) {
        boolean isOwed =
                revision != 0 && live().stream().allMatch(watched -> watched.request.getStartRevision() <= revision);
        requests.onNext(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
        if (!isOwed) {
            return JsonNodeFactory.instance.stringNode(NOT_OWED);
        }
        return tree(waitFor(() -> progressSince(revision)), names);
    }

    /** Leaves out all answers to questions that were asked before. */
    private @Nullable WatchResponse progressSince(long revision) {
        WatchResponse next = progress.poll();
        while (next != null && next.getHeader().getRevision() < revision) {
            next = progress.poll();
        }
        return next;
    }

    /** The watchers that have not ended as far as the program knows. */
    synchronized List<Watched> live() {
        return all.stream().filter(watched -> !watched.isKnownToHaveEnded).toList();
    }

    /** Everything that was seen. */
    synchronized JsonNode seen(Names names) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        var watchers = tree.putArray("watchers");
        for (Watched watched : all) {
            ObjectNode seen = watchers.addObject();
            seen.set("events", watched.events.tree(watched.request, names));
            if (watched.isKnownToHaveEnded && watched.canceled != null) {
                seen.set("canceled", names.of(watched.canceled));
            }
        }
        stray.forEach(response -> tree.withArray("stray").add(names.of(response)));
        if (end != null) {
            tree.put("end", end.toString());
        }
        return tree;
    }

    private static JsonNode tree(@Nullable WatchResponse response, Names names) {
        return response == null ? JsonNodeFactory.instance.stringNode("no answer") : names.of(response);
    }

    /** What the question finds, as soon as it finds something; null when it never does, or the stream has ended. */
    private synchronized <T> @Nullable T waitFor(Supplier<@Nullable T> question) {
        long deadline = System.nanoTime() + ProgramRun.PATIENCE.toNanos();
        try {
            T answer = question.get();
            while (answer == null && end == null && System.nanoTime() < deadline) {
                wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                answer = question.get();
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a watch", e);
        }
    }

    @Override
    public void close() {
        requests.onError(Status.CANCELLED.withDescription("the program is over").asRuntimeException());
    }
}
