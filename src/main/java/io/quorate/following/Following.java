package io.quorate.following;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import io.quorate.proto.following.FollowPosition;
import io.quorate.proto.following.FollowState;
import io.quorate.proto.following.FollowState.Phase;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.nio.charset.StandardCharsets;

/** Where following stands. Changed by the {@code apply} thread in the write of a step; read by any thread. */
public final class Following {

    /** The number of a change behind all others of its revision: the revision is complete. */
    public static final long WHOLE = Integer.MAX_VALUE;

    private static final byte[] KEY = "following".getBytes(StandardCharsets.UTF_8);

    private final Reader database;
    private final ApplyScope scope;
    private volatile FollowState state = FollowState.getDefaultInstance();

    /** Restores what the database holds. */
    public Following(Reader database, ApplyScope scope) {
        this.database = database;
        this.scope = scope;
        restore();
    }

    /** Reads the database again, after its content was replaced. */
    public void restore() {
        byte[] stored = database.get(Family.META, KEY);
        try {
            state = stored == null ? FollowState.getDefaultInstance() : FollowState.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("what is stored about following cannot be read", e);
        }
    }

    /** Where it stands. Cheap. */
    public FollowState state() {
        return state;
    }

    /** Whether the data is that of another cluster, so that nobody may change it here. */
    public boolean isActive() {
        Phase phase = state.getPhase();
        return phase == Phase.LOADING || phase == Phase.FOLLOWING;
    }

    /** Moves on, as part of the write of a step. */
    public void move(FollowState next) {
        scope.current().put(Family.META, KEY, next.toByteArray());
        state = next;
    }

    /** Whether one change comes behind another. */
    public static boolean isBehind(FollowPosition change, FollowPosition other) {
        return change.getRevision() != other.getRevision()
                ? change.getRevision() > other.getRevision()
                : change.getSub() > other.getSub();
    }

    /** The position behind all changes of a revision. */
    public static FollowPosition whole(long revision) {
        return FollowPosition.newBuilder().setRevision(revision).setSub(WHOLE).build();
    }

    /** Registers what is shown of it. */
    public void register(Meters meters) {
        meters.gauge(
                "quorate_following",
                "0 for an ordinary cluster, 1 while the state of an etcd is loaded, 2 while it is followed, 3 after taking over.",
                () -> state.getPhase().getNumber());
    }
}
