package io.quorate.api.recipe;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.quorate.base.Stages;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.proto.v3electionpb.LeaderResponse;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One observer of an election: gets the leader, every value it proclaims, then the next leader. Values of leaders that came
 * and went while it was told of others are passed over. Everything happens on one sequential executor.
 */
final class Observation {

    private final LocalClient primitives;
    private final ByteString name;
    private final ServerCallStreamObserver<LeaderResponse> call;
    private final LongFunction<ResponseHeader> header;
    private final Executor executor;
    private volatile @Nullable KeyWatch watch;
    private volatile boolean ended;

    /** @param header makes the header for a revision */
    Observation(
            LocalClient primitives,
            ByteString name,
            ServerCallStreamObserver<LeaderResponse> call,
            LongFunction<ResponseHeader> header) {
        this.primitives = primitives;
        this.name = name;
        this.call = call;
        this.header = header;
        this.executor = MoreExecutors.newSequentialExecutor(primitives.executor());
    }

    void start() {
        call.setOnCancelHandler(this::end);
        call.setOnReadyHandler(() -> {
            KeyWatch open = watch;
            if (open != null) {
                open.schedule();
            }
        });
        look();
    }

    private void end() {
        ended = true;
        replaceWatch(null);
    }

    private void look() {
        Stages.whenDone(
                "observing an election",
                primitives.range(QueueKeys.oldest(name)),
                (found, failure) -> executor.execute(() -> looked(found, failure)));
    }

    private void looked(@Nullable RangeResponse found, @Nullable Throwable failure) {
        try {
            if (found == null) {
                throw failure == null ? new IllegalStateException("no answer") : failure;
            }
            found(found);
        } catch (Throwable e) { // the observing client gets it
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        if (!ended) {
            end();
            RecipeResponses.fail(call, cause);
        }
    }

    private void found(RangeResponse found) {
        long next = found.getHeader().getRevision() + 1;
        if (found.getKvsCount() == 0) {
            watch(QueueKeys.first(name), QueueKeys.end(name), next, new FirstPlace());
        } else {
            follow(found.getHeader(), found.getKvs(0), next);
        }
    }

    private void follow(ResponseHeader now, KeyValue leader, long next) {
        send(now, leader);
        watch(leader.getKey(), ByteString.EMPTY, next, new Reign());
    }

    private void send(ResponseHeader now, KeyValue leader) {
        if (!ended && !call.isCancelled()) {
            call.onNext(LeaderResponse.newBuilder().setHeader(now).setKv(leader).build());
        }
    }

    private void watch(ByteString key, ByteString rangeEnd, long revision, KeyWatch.Listener listener) {
        if (!ended) {
            replaceWatch(primitives.watch(key, rangeEnd, revision, listener));
        }
    }

    private void replaceWatch(@Nullable KeyWatch next) {
        KeyWatch previous = watch;
        watch = next;
        if (previous != null) {
            previous.close();
        }
        if (next != null && ended) {
            next.close();
        }
    }

    /** Tells what it sees to the executor, which owns everything else; after its last word it is silent. */
    private abstract class Watching implements KeyWatch.Listener {

        private boolean done;

        @Override
        public final void changed(Event event) {
            if (!done) {
                done = seen(event);
            }
        }

        /** Takes one change; answers whether nothing more is wanted. */
        abstract boolean seen(Event event);

        @Override
        public final void missed() {
            done = true;
            executor.execute(Observation.this::look);
        }

        @Override
        public final void refused(Throwable cause) {
            done = true;
            executor.execute(() -> fail(cause));
        }
    }

    /** There is no leader: the next place that is taken is the first. */
    private final class FirstPlace extends Watching {

        @Override
        boolean seen(Event event) {
            if (event.getType() != Event.EventType.PUT) {
                return false;
            }
            long revision = event.getKv().getModRevision();
            executor.execute(() -> follow(header.apply(revision), event.getKv(), revision + 1));
            return true;
        }
    }

    /** What the leader says, until it goes. */
    private final class Reign extends Watching {

        @Override
        boolean seen(Event event) {
            if (event.getType() != Event.EventType.PUT) {
                executor.execute(Observation.this::look);
                return true;
            }
            executor.execute(() -> send(header.apply(event.getKv().getModRevision()), event.getKv()));
            return false;
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }
    }
}
