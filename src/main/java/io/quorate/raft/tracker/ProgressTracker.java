package io.quorate.raft.tracker;

import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.quorum.MajorityConfig.VoteResult;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The active configuration with one {@link Progress} for each of its members, in ascending order of ids, and the ballots
 * of the current campaign.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
public final class ProgressTracker {

    private static final Progress[] NONE = {};

    private final int inflightMessagesMax;
    private final long inflightBytesMax;

    /** The first answer of each voter in the current campaign. Emptied when a campaign begins. */
    private final Map<Long, Boolean> ballots = new HashMap<>();

    /** The active configuration. Replaced as a whole when a change is applied or a snapshot restored. */
    private Configuration configuration = Configuration.EMPTY;

    /** One progress for each member of {@link #configuration}, in ascending order of ids. Replaced with it. */
    private Progress[] members = NONE;

    /** An unmodifiable view of {@link #members}, made once for each configuration. */
    private List<Progress> memberList = List.of();

    /** A tracker without members; the limits are those of {@link Inflights}. */
    public ProgressTracker(int inflightMessagesMax, long inflightBytesMax) {
        this.inflightMessagesMax = inflightMessagesMax;
        this.inflightBytesMax = inflightBytesMax;
    }

    public Configuration configuration() {
        return configuration;
    }

    /** The progress of all members, ascending; stays as it is when the configuration changes. */
    public List<Progress> members() {
        return memberList;
    }

    /** The progress of a member, or null if it is none. */
    public @Nullable Progress get(long id) {
        for (Progress progress : members) {
            if (progress.id() == id) {
                return progress;
            }
        }
        return null;
    }

    /**
     * Activates a configuration. Members that stay keep their progress; new ones, and those that left and came back
     * within the same change, start to be probed at the last entry. They count as recently active, so that the next
     * check of the quorum does not depose a leader for a member that had no chance to answer yet.
     *
     * @param next the new configuration
     * @param fresh members whose progress starts anew
     * @param lastIndex the last index of the leader's log
     */
    public void install(Configuration next, IdSet fresh, long lastIndex) {
        IdSet ids = next.members();
        Progress[] progress = new Progress[ids.size()];
        for (int i = 0; i < progress.length; i++) {
            long id = ids.get(i);
            boolean learner = next.learners().contains(id);
            Progress kept = fresh.contains(id) ? null : get(id);
            if (kept == null) {
                progress[i] = new Progress(id, Math.max(lastIndex, 1), true, learner, newInflights());
            } else {
                kept.markLearner(learner);
                progress[i] = kept;
            }
        }
        configuration = next;
        replaceMembers(progress);
    }

    /**
     * Forgets everything about the peers, at the start of a term or a role.
     *
     * @param self this member, whose own log is fully known
     * @param lastIndex the last index of this member's log
     */
    public void reset(long self, long lastIndex) {
        Progress[] progress = new Progress[members.length];
        for (int i = 0; i < progress.length; i++) {
            Progress old = members[i];
            progress[i] = new Progress(old.id(), lastIndex + 1, false, old.isLearner(), newInflights());
            if (old.id() == self) {
                progress[i].acknowledge(lastIndex);
            }
        }
        replaceMembers(progress);
    }

    private Inflights newInflights() {
        return new Inflights(inflightMessagesMax, inflightBytesMax);
    }

    private void replaceMembers(Progress[] progress) {
        members = progress;
        memberList = Collections.unmodifiableList(Arrays.asList(progress));
    }

    /** The highest index that every majority of the configuration holds. */
    public long committedIndex() {
        return configuration.voters().committedIndex(id -> {
            Progress progress = get(id);
            return progress == null ? 0 : progress.match();
        });
    }

    /** Whether the members heard of since the last check form a quorum. */
    public boolean isQuorumActive() {
        return configuration.voters().voteResult(id -> {
                    Progress progress = get(id);
                    return progress != null && !progress.isLearner() && progress.isRecentlyActive();
                })
                == VoteResult.WON;
    }

    /** Whether the named members form a quorum. */
    public boolean isQuorum(IdSet ids) {
        return configuration.voters().voteResult(ids::contains) == VoteResult.WON;
    }

    /** Forgets all ballots. */
    public void clearBallots() {
        ballots.clear();
    }

    /** Records a ballot; the first one of a member counts. */
    public void recordBallot(long id, boolean granted) {
        ballots.putIfAbsent(id, granted);
    }

    /** How many tracked voters have answered this. */
    public int countBallots(boolean granted) {
        int count = 0;
        for (Progress progress : members) {
            Boolean ballot = ballots.get(progress.id());
            if (!progress.isLearner() && ballot != null && ballot == granted) {
                count++;
            }
        }
        return count;
    }

    /** How the campaign stands. */
    public VoteResult voteResult() {
        return configuration.voters().voteResult(ballots::get);
    }
}
