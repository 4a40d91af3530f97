package io.quorate.api.web;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.quorate.base.Stages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call with many answers as a stream of events. Answers come one after the other, and only while the stream is ready; those that come
 * before it is open wait for it.
 */
abstract class Feed<Q extends MessageLite, A extends MessageLite> implements InnerCall.Receiver<A> {

    private final Services services;
    private final RestRequest request;
    private final Q question;
    private final boolean oneQuestion;
    private final InnerCall<Q, A> call;
    private final Runnable finished;
    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final List<A> early = new ArrayList<>();

    @GuardedBy("lock")
    private @Nullable Status end;

    private volatile @Nullable EventStream stream;

    /** @param finished runs when it has ended */
    Feed(Services services, RestRequest request, MethodDescriptor<Q, A> method, Q question, Runnable finished) {
        this.services = services;
        this.request = request;
        this.question = question;
        this.oneQuestion = method.getType().clientSendsOneMessage();
        this.finished = finished;
        this.call = services.call(method, request.caller(), this);
    }

    /** Throws a problem in place of a stream if this first answer is a refusal. */
    abstract void check(A answer);

    /** Tells of an answer by {@link #send}. */
    abstract void tell(A answer);

    /**
     * Makes the call and answers the request with what comes of it, which goes on when this returns.
     *
     * @param awaitsAnswer whether there is an answer at once, which may be a refusal; without it the stream is opened at once
     */
    void run(boolean awaitsAnswer, HttpServletRequest http, HttpServletResponse response) throws IOException {
        boolean open = false;
        try {
            Stages.whenDone("a client that left", request.gone(), (left, failure) -> left());
            call.start();
            call.send(question);
            if (oneQuestion) {
                call.endRequests();
            }
            if (awaitsAnswer) {
                begun.join();
                checkBeginning();
            }
            EventStream opened = EventStream.open(http, response, services, call::ready, this::close);
            open = true;
            begin(opened);
        } catch (RejectedExecutionException e) {
            throw Problem.unavailable("the member is stopping");
        } finally {
            if (!open) {
                close();
            }
        }
    }

    private void checkBeginning() {
        A first;
        Status status;
        synchronized (lock) {
            first = early.isEmpty() ? null : early.getFirst();
            status = end;
        }
        if (first != null) {
            check(first);
        } else {
            throw Problem.of(status == null || status.isOk() ? Status.UNAVAILABLE : status);
        }
    }

    private void begin(EventStream opened) {
        synchronized (lock) {
            stream = opened;
            early.forEach(this::tell);
            early.clear();
            if (end != null) {
                finish(opened, end);
            }
        }
        call.ready();
        if (request.gone().toCompletableFuture().isDone()) {
            opened.abandon();
        }
    }

    private void left() {
        call.cancel();
        EventStream opened = stream;
        if (opened != null) {
            opened.abandon();
        }
    }

    private void close() {
        call.cancel();
        if (over.compareAndSet(false, true)) {
            finished.run();
        }
    }

    @Override
    public final void answer(A answer) {
        synchronized (lock) {
            if (stream == null) {
                early.add(answer);
                begun.complete(true);
            } else {
                tell(answer);
            }
        }
    }

    @Override
    public final boolean isReady() {
        EventStream opened = stream;
        return opened == null ? !begun.isDone() : opened.isReady();
    }

    @Override
    public final void end(Status status) {
        synchronized (lock) {
            end = status;
            begun.complete(true);
            EventStream opened = stream;
            if (opened != null) {
                finish(opened, status);
            }
        }
    }

    private static void finish(EventStream opened, Status status) {
        if (!status.isOk() && status.getCode() != Status.Code.CANCELLED) {
            send(opened, "error", null, Problem.of(status).body());
        }
        opened.end();
    }

    /** Sends an event; only where an answer is told of. */
    final void send(String name, @Nullable Long id, Object data) {
        EventStream opened = stream;
        if (opened != null) {
            send(opened, name, id, data);
        }
    }

    private static void send(EventStream opened, String name, @Nullable Long id, Object data) {
        opened.send(name, id, RestJson.MAPPER.writeValueAsBytes(data));
    }

    /** Sends a problem and ends the stream; only where an answer is told of. */
    final void fail(Problem problem) {
        send("error", null, problem.body());
        EventStream opened = stream;
        if (opened != null) {
            opened.end();
        }
    }
}
