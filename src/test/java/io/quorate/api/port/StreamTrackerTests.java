package io.quorate.api.port;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a service learns of the end of its stream, whichever thread is faster. */
class StreamTrackerTests {

    private static final long LIMIT = 1 << 20;

    private final OpenStreams streams = new OpenStreams();
    private final List<String> events = new ArrayList<>();

    /** A call whose transport tells of the end before the one who ended it gets to do anything else. */
    private static final class QuickCall extends ServerCall<WatchRequest, WatchResponse> {

        private @Nullable Listener<WatchRequest> listener;
        private @Nullable Status closed;

        @Override
        public void request(int messages) {
            // nobody sends
        }

        @Override
        public void sendHeaders(Metadata headers) {
            // nobody reads
        }

        @Override
        public void sendMessage(WatchResponse message) {
            // nobody reads
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = status;
            if (listener != null) {
                listener.onComplete();
            }
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<WatchRequest, WatchResponse> getMethodDescriptor() {
            return WatchGrpc.getWatchMethod();
        }
    }

    private final ClientMemory memory = ClientMemory.of(LIMIT, LIMIT, Duration.ofSeconds(1));

    private ServerCall.Listener<WatchRequest> service() {
        return new ServerCall.Listener<>() {

            @Override
            public void onCancel() {
                events.add("cancelled");
            }

            @Override
            public void onComplete() {
                events.add("complete");
            }
        };
    }

    @Test
    void closeAllWhenTheTransportIsFasterTellsOfACancelledCallOnce() {
        QuickCall call = new QuickCall();
        call.listener =
                new StreamTracker(streams, memory).interceptCall(call, new Metadata(), (tracked, headers) -> service());
        streams.closeAll();
        assertThat(events).containsExactly("cancelled");
        assertThat(streams.count()).isZero();
    }

    @Test
    void closeWhenTheServiceEndsItsCallTellsThatItIsComplete() {
        QuickCall call = new QuickCall();
        call.listener = new StreamTracker(streams, memory).interceptCall(call, new Metadata(), (tracked, headers) -> {
            tracked.request(1);
            return service();
        });
        call.listener.onComplete();
        streams.closeAll();
        assertThat(events).containsExactly("complete");
    }

    @Test
    void callWhenItGoesOnIsAccountedForUntilItEnds() {
        QuickCall call = new QuickCall();
        call.listener =
                new StreamTracker(streams, memory).interceptCall(call, new Metadata(), (tracked, headers) -> service());
        assertThat(memory.messages().heldBytes()).isPositive();
        call.listener.onCancel();
        assertThat(memory.messages().heldBytes()).isZero();
    }

    @Test
    void callWhenThereIsNoMemoryForItIsRefused() {
        memory.messages().hold(LIMIT + LIMIT / 8);
        QuickCall call = new QuickCall();
        new StreamTracker(streams, memory).interceptCall(call, new Metadata(), (tracked, headers) -> service());
        assertThat(present(call.closed).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(memory.messages().refusals()).isEqualTo(1);
        assertThat(streams.count()).isZero();
    }
}
