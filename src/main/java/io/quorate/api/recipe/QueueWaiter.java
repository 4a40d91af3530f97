package io.quorate.api.recipe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quorate.base.Stages;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.mvccpb.Event;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits until one key is the oldest: reads the key right before it, waits until that is deleted, reads again. Only
 * one waits for each key, so that the end of an owner wakes one and not all.
 */
final class QueueWaiter {

    private final LocalClient primitives;
    private final ByteString name;
    private final long createRevision;
    private final CompletableFuture<ResponseHeader> come = new CompletableFuture<>();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable KeyWatch watch;

    QueueWaiter(LocalClient primitives, ByteString name, long createRevision) {
        this.primitives = primitives;
        this.name = name;
        this.createRevision = createRevision;
    }

    /** Completes with the header of the last look; fails with the failure of one, or when the wait is cancelled. */
    CompletableFuture<ResponseHeader> await() {
        look();
        return come;
    }

    /** Waits no longer. */
    void cancel() {
        come.completeExceptionally(new CancellationException());
        replaceWatch(null);
    }

    private void look() {
        Stages.whenDone("waiting for a turn", primitives.range(QueueKeys.before(name, createRevision)), this::looked);
    }

    private void looked(@Nullable RangeResponse found, @Nullable Throwable failure) {
        try {
            if (found == null) {
                come.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
            } else if (found.getKvsCount() == 0) {
                come.complete(found.getHeader());
            } else {
                watch(found);
            }
        } catch (RuntimeException | Error e) { // the waiting call gets it
            come.completeExceptionally(e);
        }
    }

    private void watch(RangeResponse found) {
        long next = found.getHeader().getRevision() + 1;
        replaceWatch(primitives.watch(found.getKvs(0).getKey(), ByteString.EMPTY, next, new KeyWatch.Listener() {
            @Override
            public void changed(Event event) {
                if (event.getType() == Event.EventType.DELETE) {
                    replaceWatch(null);
                    look();
                }
            }

            @Override
            public void missed() {
                look();
            }

            @Override
            public void refused(Throwable cause) {
                come.completeExceptionally(cause);
            }
        }));
    }

    /** A watch that comes after the cancellation is closed at once. */
    private void replaceWatch(@Nullable KeyWatch next) {
        KeyWatch previous;
        synchronized (lock) {
            previous = watch;
            watch = next;
        }
        if (previous != null) {
            previous.close();
        }
        if (next != null && come.isDone()) {
            next.close();
        }
    }
}
