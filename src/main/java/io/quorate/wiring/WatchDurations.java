package io.quorate.wiring;

import io.quorate.api.grpc.WatchService;
import io.quorate.ops.MemberDurations;

/** Publishes how long it takes to send what watches wait for. */
record WatchDurations(MemberDurations durations) implements WatchService.Times {

    @Override
    public void control(long nanos) {
        durations.watchControl().accept(nanos);
    }

    @Override
    public void progress(long nanos) {
        durations.watchProgress().accept(nanos);
    }

    @Override
    public void events(int count, long nanos) {
        durations.watchEvents().accept(nanos);
        durations.watchEvent().accept(nanos / Math.max(1, count));
    }
}
