/**
 * The watch engine: tells clients about changes of keys, from any revision that still exists, in order and without gaps.
 *
 * <p><b>Parts.</b> {@link io.quorate.watch.WatchHub} has every watcher in one of three groups. <i>Synced</i> watchers have
 * been given everything up to the newest revision and are served when a revision is committed. <i>Unsynced</i> ones need
 * events from {@link io.quorate.watch.History} and are served by passes over it. <i>Victims</i> hold a message that their
 * stream had no room for; it is offered again every 10 ms, then they become synced or unsynced. A
 * {@link io.quorate.watch.WatchStream} is one client stream: its watchers, and a bounded queue to its
 * {@link io.quorate.watch.WatchStream.WatchSink}.
 *
 * <p><b>Threads.</b> The <i>apply</i> thread calls {@code committed} and {@code restored}. <i>watch-sync</i> calls
 * {@code doWork}, which does all that is slow or timed: catching up, previous records, victims, progress reports. The
 * <i>event loops</i> create and cancel watchers, ask for progress and drain their streams.
 *
 * <p><b>Locks.</b> One, the hub's. It guards the groups, the watchers, the due times and the filling of the queues, and is
 * held for the matching of one revision, for one watcher's hand-over, or for one request; never while history is read,
 * never while a sink is called. Emptying a queue takes no lock. The store's lock may be held when the hub's is taken (by
 * {@code committed}); the other way round never happens. A slow client costs its own queue and one held message for each of
 * its watchers, nothing else.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>A synced watcher has been given every event it wants from its {@code minRevision} at entry up to
 *       {@code notified}; an unsynced or a victim every one below its {@code minRevision}, counting what a victim holds.
 *   <li>All of a stream's messages pass through its queue, and what decides their content is done under the lock: so
 *       nothing overtakes. An answer comes before the events of its watcher, and after a progress report of revision R no
 *       event up to R follows for the watchers that it covers.
 *   <li>Messages that still lack previous records block the queue behind them until {@code watch-sync} has added these.
 *   <li>An event is one object however many watchers get it, and so is its copy with the previous record.
 * </ul>
 */
@NullMarked
package io.quorate.watch;

import org.jspecify.annotations.NullMarked;
