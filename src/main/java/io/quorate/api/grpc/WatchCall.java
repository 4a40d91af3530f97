package io.quorate.api.grpc;

import com.google.common.base.CaseFormat;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.api.error.WireErrors;
import io.quorate.apply.Headers;
import io.quorate.apply.RangeQueries;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.watch.WatchMessage;
import io.quorate.watch.WatchSpec;
import io.quorate.watch.WatchStream;
import io.quorate.watch.WatchStream.WatchSink;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One watch call. Requests come from the event loop, messages from the engine; everything that is sent goes back to that
 * loop, where many streams of a connection share one flush, and one after the other, because a call's outgoing side may be
 * used by one thread at a time only.
 *
 * <p>The client's half-close ends nothing: the stream goes on until the call is cancelled, as in etcd.
 */
final class WatchCall implements StreamObserver<WatchRequest>, WatchSink {

    private final ServerCallStreamObserver<WatchResponse> responses;
    private final Headers headers;
    private final LongSupplier appliedTerm;
    private final WatchService.Times times;
    private final Access access;
    private final Caller caller;
    private final Executor sender;
    private final WatchStream stream;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean requestOwed = new AtomicBoolean();

    /** The last events that were sent, of the draining thread: the next message may differ in nothing but the watcher. */
    private WatchResponse lastEvents = WatchResponse.getDefaultInstance();

    private WatchMessage.@Nullable Events last;

    WatchCall(
            ServerCallStreamObserver<WatchResponse> responses,
            Function<WatchSink, WatchStream> opening,
            Headers headers,
            LongSupplier appliedTerm,
            WatchService.Times times,
            Executor loop,
            Access access) {
        this.responses = responses;
        this.headers = headers;
        this.appliedTerm = appliedTerm;
        this.times = times;
        this.access = access;
        this.caller = Caller.current();
        this.sender = MoreExecutors.newSequentialExecutor(loop);
        this.stream = opening.apply(this);
        responses.disableAutoRequest();
        responses.setOnReadyHandler(this::schedule);
        responses.setOnCancelHandler(this::close);
    }

    /** Asks for the first request. */
    void start() {
        responses.request(1);
    }

    @Override
    public void onNext(WatchRequest request) {
        switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> {
                create(spec(request.getCreateRequest()));
                return;
            }
            case CANCEL_REQUEST -> stream.cancel(request.getCancelRequest().getWatchId());
            case PROGRESS_REQUEST -> stream.requestProgress();
            case REQUESTUNION_NOT_SET -> {} // etcd ignores it
        }
        askForMore();
    }

    /** The next request is read once the caller of this one is known, so that answers keep the order of requests. */
    private void create(WatchSpec spec) {
        if (spec.startRevision() < 0) { // refused before its caller is looked at, as in etcd
            stream.create(spec);
            askForMore();
            return;
        }
        access.identify(
                caller,
                identity -> {
                    access.rules().requireRead(identity, spec.range());
                    stream.create(spec);
                    askForMore();
                },
                failure -> {
                    stream.refuse(reason(failure));
                    askForMore();
                });
    }

    /** A refusal as Go prints it: here alone etcd gives the code as text. */
    private static String reason(Throwable failure) {
        Status status = WireErrors.of(failure).getStatus();
        String code = CaseFormat.UPPER_UNDERSCORE.to(
                CaseFormat.UPPER_CAMEL, status.getCode().name());
        return "rpc error: code = " + code + " desc = " + status.getDescription();
    }

    private void askForMore() {
        if (stream.acceptsRequests()) {
            responses.request(1);
        } else {
            requestOwed.set(true);
            schedule();
        }
    }

    @Override
    public void onError(Throwable failure) {
        close();
    }

    @Override
    public void onCompleted() {
        // nothing ends here, see above
    }

    @Override
    public void schedule() {
        sender.execute(this::drain);
    }

    private void drain() {
        try {
            drainOnce();
        } catch (RuntimeException | Error e) { // a stream that is stuck must not look like a quiet one
            close();
            Answers.fail(responses, e);
        }
    }

    private void drainOnce() {
        stream.drain();
        last = null;
        lastEvents = WatchResponse.getDefaultInstance(); // must not be held while nothing is sent
        if (requestOwed.get() && stream.acceptsRequests() && requestOwed.compareAndSet(true, false)) {
            responses.request(1);
        }
    }

    @Override
    public boolean isReady() {
        return !ended.get() && responses.isReady();
    }

    @Override
    public void send(WatchMessage message) {
        if (ended.get()) {
            return;
        }
        long started = System.nanoTime();
        responses.onNext(wire(message));
        long nanos = System.nanoTime() - started;
        switch (message) {
            case WatchMessage.Created _, WatchMessage.Refused _, WatchMessage.Canceled _ -> times.control(nanos);
            case WatchMessage.Events events -> times.events(events.events().size(), nanos);
            case WatchMessage.Progress _ -> times.progress(nanos);
        }
    }

    private void close() {
        if (ended.compareAndSet(false, true)) {
            stream.close();
        }
    }

    private static WatchSpec spec(WatchCreateRequest request) {
        return WatchSpec.builder()
                .range(WatchSpec.range(RangeQueries.bytes(request.getKey()), RangeQueries.bytes(request.getRangeEnd())))
                .startRevision(request.getStartRevision())
                .requestedId(request.getWatchId())
                .progressNotify(request.getProgressNotify())
                .previousRecord(request.getPrevKv())
                .noPut(request.getFiltersList().contains(WatchCreateRequest.FilterType.NOPUT))
                .noDelete(request.getFiltersList().contains(WatchCreateRequest.FilterType.NODELETE))
                .fragment(request.getFragment())
                .build();
    }

    private WatchResponse wire(WatchMessage message) {
        if (!(message instanceof WatchMessage.Events events)) {
            return made(message);
        }
        boolean same = last != null && last.isSameFor(events);
        lastEvents = same ? lastEvents.toBuilder().setWatchId(events.watchId()).build() : made(events);
        last = events;
        return lastEvents;
    }

    private WatchResponse made(WatchMessage message) {
        WatchResponse.Builder response = WatchResponse.newBuilder()
                .setHeader(headers.of(message.revision(), appliedTerm.getAsLong()))
                .setWatchId(message.watchId());
        switch (message) {
            case WatchMessage.Created _ -> response.setCreated(true);
            case WatchMessage.Refused refused ->
                response.setCreated(true).setCanceled(true).setCancelReason(refused.reason());
            case WatchMessage.Events events ->
                response.addAllEvents(events.events()).setFragment(events.fragment());
            case WatchMessage.Progress _ -> {}
            case WatchMessage.Canceled canceled ->
                response.setCanceled(true).setCompactRevision(canceled.compactRevision());
        }
        return response.build();
    }
}
