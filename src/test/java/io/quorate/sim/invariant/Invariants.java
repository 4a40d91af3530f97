package io.quorate.sim.invariant;

import io.quorate.sim.core.Invariant;
import java.util.List;

/** All of them. */
public final class Invariants {

    private Invariants() {}

    /** A new set for one run. */
    public static List<Invariant> all() {
        CommitLedger ledger = new CommitLedger();
        return List.of(
                new OneLeaderPerTerm(),
                new LogMatching(),
                ledger,
                new CommitOfOwnTerm(),
                new LeaderCompleteness(ledger),
                new DurableOnQuorum(ledger),
                new DurableBeforePromised(),
                new PromisesSurviveCrashes(),
                new MonotonicState(),
                new AppliedInOrder(),
                new StateMachineSafety(ledger),
                new ConfigurationSafety(),
                new ReadIndexCoversCommits(ledger));
    }
}
