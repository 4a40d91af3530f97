package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Watchers of all keys, one stream for each connection; they record how old the writes are that they see. */
final class Watchers {

    /** Where a value holds the time of its write. */
    static final int TIME_BYTES = Long.BYTES;

    private Watchers() {}

    /** Opens them and returns when all are created. */
    static void open(LoadSettings options, List<Channel> channels, List<Recorder> recorders, Phase phase)
            throws InterruptedException {
        CountDownLatch created = new CountDownLatch(options.watchers());
        for (int connection = 0; connection < channels.size(); connection++) {
            int count =
                    options.watchers() / channels.size() + (connection < options.watchers() % channels.size() ? 1 : 0);
            Observer observer = new Observer(recorders.get(connection), phase, created);
            StreamObserver<WatchRequest> requests =
                    WatchGrpc.newStub(channels.get(connection)).watch(observer);
            for (int i = 0; i < count; i++) {
                requests.onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(Template.PREFIX))
                                .setRangeEnd(ByteString.copyFromUtf8(Template.PREFIX.replace('/', '0'))))
                        .build());
            }
        }
        created.await();
    }

    private record Observer(Recorder recorder, Phase phase, CountDownLatch created)
            implements StreamObserver<WatchResponse> {

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCreated()) {
                created.countDown();
            }
            long now = System.nanoTime();
            if (now >= phase.countFrom && now < phase.countTo) {
                for (Event event : response.getEventsList()) {
                    ByteBuffer value = event.getKv().getValue().asReadOnlyByteBuffer();
                    recorder.record(now - value.getLong(value.position()), true);
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            if (System.nanoTime() < phase.countTo) {
                System.err.println("Watch lost: " + error);
            }
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("ended by the server"));
        }
    }
}
