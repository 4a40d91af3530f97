package io.quorate.api.grpc;

import io.quorate.base.Buckets;
import io.quorate.base.Meters;
import java.util.function.LongConsumer;

/** Publishes how long it takes to send what watches wait for. */
public final class WatchDurations implements WatchService.Times {

    private static final Buckets BUCKETS = Buckets.seconds(1_000_000, 14);

    private final LongConsumer control;
    private final LongConsumer progress;
    private final LongConsumer events;
    private final LongConsumer event;

    public WatchDurations(Meters meters) {
        control = meters.distribution(
                "etcd_debugging_server_watch_send_loop_control_stream_duration_seconds",
                "Time of sending an answer about a watch.",
                BUCKETS);
        progress = meters.distribution(
                "etcd_debugging_server_watch_send_loop_progress_duration_seconds",
                "Time of sending a watch's progress.",
                BUCKETS);
        events = meters.distribution(
                "etcd_debugging_server_watch_send_loop_watch_stream_duration_seconds",
                "Time of sending a batch of events.",
                BUCKETS);
        event = meters.distribution(
                "etcd_debugging_server_watch_send_loop_watch_stream_duration_per_event_seconds",
                "Time of sending a batch of events, for each event.",
                BUCKETS);
    }

    @Override
    public void control(long nanos) {
        control.accept(nanos);
    }

    @Override
    public void progress(long nanos) {
        progress.accept(nanos);
    }

    @Override
    public void events(int count, long nanos) {
        events.accept(nanos);
        event.accept(nanos / Math.max(1, count));
    }
}
