package io.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Proposals that become one append, and one acknowledgement, when the core takes them. Used by the {@code raft-node} thread. */
final class ProposalBatch {

    private final List<byte[]> payloads = new ArrayList<>();
    private final List<Proposal> proposals = new ArrayList<>();
    private boolean hasLeaderTerms;

    void add(Proposal proposal) {
        payloads.add(proposal.data());
        proposals.add(proposal);
        hasLeaderTerms |= proposal.leaderTerm() != 0;
    }

    /** The payloads in order; valid until the batch changes. */
    List<byte[]> payloads() {
        return payloads;
    }

    int size() {
        return proposals.size();
    }

    boolean isEmpty() {
        return proposals.isEmpty();
    }

    /** Whether some may be appended by the leader of one term only. */
    boolean hasLeaderTerms() {
        return hasLeaderTerms;
    }

    /** Drops proposals bound to another leader term than the given one; 0 means that this member does not lead. */
    void keepOfTerm(long ledTerm) {
        keep(proposal -> proposal.leaderTerm() == 0 || proposal.leaderTerm() == ledTerm);
    }

    /** Drops proposals without a waiting caller, then the youngest ones beyond a number. */
    void keepAwaited(int most) {
        keep(proposal -> proposal.isAwaited() && proposals.size() < most);
    }

    /** @param tooMuch whether it is only that too much is uncommitted */
    void drop(boolean tooMuch) {
        List<Proposal> all = List.copyOf(proposals);
        clear();
        all.forEach(tooMuch ? Proposal::crowdedOut : Proposal::dropped);
    }

    void clear() {
        payloads.clear();
        proposals.clear();
        hasLeaderTerms = false;
    }

    private void keep(Predicate<Proposal> kept) {
        List<Proposal> waiting = List.copyOf(proposals);
        clear();
        for (Proposal proposal : waiting) {
            if (kept.test(proposal)) {
                add(proposal);
            } else {
                proposal.dropped();
            }
        }
    }
}
