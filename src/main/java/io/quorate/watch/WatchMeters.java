package io.quorate.watch;

import io.quorate.base.Meters;

/** What a hub counts. */
public final class WatchMeters {

    private WatchMeters() {}

    /** Registers what is counted in a hub. */
    public static void register(WatchHub hub, Meters meters) {
        meters.gauge("etcd_debugging_mvcc_watch_stream_total", "Open streams of watches.", hub.counts()::streams);
        meters.gauge("etcd_debugging_mvcc_watcher_total", "Watches.", hub.counts()::watchers);
        meters.gauge(
                "etcd_debugging_mvcc_slow_watcher_total", "Watches that are not up to date.", hub::slowWatcherCount);
        meters.gauge(
                "etcd_debugging_mvcc_pending_events_total",
                "Events that wait to be sent.",
                hub.counts()::pendingEvents);
        meters.counter("etcd_debugging_mvcc_events_total", "Events sent by this member.", hub.counts()::sentEvents);
    }
}
