package io.quorate.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.ConfState;
import io.quorate.raft.Role;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What the thesis promises, on the simulated cluster of the transcripts. Expectations are written by hand from the sections
 * that are named: no output is recorded, so these tests prove the core without any transcript of another implementation.
 */
class RaftScenarioTests {

    private final ClusterEnvironment cluster = new ClusterEnvironment();

    /** Runs commands, none of which may fail; without a log they print nothing else. */
    private void run(String... commands) {
        for (String command : commands) {
            assertThat(execute(command)).as(command).isEqualTo("ok");
        }
    }

    private String execute(String command) {
        return cluster.run(TranscriptParser.parse(command + "\n----\n\n").getFirst());
    }

    /** Three voters and their leader 1 in term 1, whose first entry, 11, is applied everywhere. */
    private void threeVoters(String options) {
        run("log-level none", "add-nodes 3 voters=(1,2,3) index=10 " + options, "campaign 1", "stabilize");
        assertLeader(1, 1);
        assertThat(commit(3)).isEqualTo(11);
    }

    /** Runs one command and returns what it prints. */
    private String print(String command) {
        run("log-level debug");
        String output = execute(command);
        run("log-level none");
        return output;
    }

    private long commit(long id) {
        return cluster.status(id).commit();
    }

    private Role role(long id) {
        return cluster.status(id).role();
    }

    private long term(long id) {
        return cluster.status(id).term();
    }

    private void assertLeader(long id, long term) {
        assertThat(role(id)).isEqualTo(Role.LEADER);
        assertThat(term(id)).isEqualTo(term);
    }

    /** Every member works; what is for the absent one is lost. */
    private void stabilizeWithout(long absent, long... present) {
        for (int round = 0; round < 4; round++) {
            for (long id : present) {
                run("stabilize " + id);
            }
            run("deliver-msgs drop=(" + absent + ")");
        }
    }

    @Nested
    class PreVote {

        /** Section 9.6: a campaign on trial changes no term, so a member that returns does not disturb the others. */
        @Test
        void memberThatWasCutOffKeepsItsTermAndReturnsToItsLeader() {
            threeVoters("prevote=true checkquorum=true");
            for (int timeouts = 0; timeouts < 5; timeouts++) {
                run("tick-election 3", "process-ready 3", "deliver-msgs drop=(1,2)");
            }
            assertThat(role(3)).isEqualTo(Role.PRE_CANDIDATE);
            assertThat(term(3)).isEqualTo(1);
            run("tick-heartbeat 1", "stabilize");
            assertLeader(1, 1);
            assertThat(cluster.status(3).leader()).isEqualTo(1);
        }

        /** The same without it: the term grows, and the leader is deposed when the member returns. */
        @Test
        void withoutItTheTermGrows() {
            threeVoters("");
            for (int timeouts = 0; timeouts < 5; timeouts++) {
                run("tick-election 3", "process-ready 3", "deliver-msgs drop=(1,2)");
            }
            assertThat(term(3)).isEqualTo(6);
            run("tick-election 3", "stabilize");
            assertThat(term(1)).isEqualTo(7);
        }

        /** Section 9.6 with 3.6.1: a quorum grants the trial only to a log that is up to date. */
        @Test
        void memberWithAnOlderLogDoesNotEvenRaiseTheTerm() {
            threeVoters("prevote=true");
            run("propose 1 new");
            stabilizeWithout(3, 1, 2);
            assertThat(commit(2)).isEqualTo(12);
            run("tick-election 3", "stabilize");
            assertThat(term(1)).isEqualTo(1);
            assertThat(role(3)).isEqualTo(Role.FOLLOWER);
        }
    }

    @Nested
    class CheckQuorum {

        /** Section 6.2: a leader without an answer from a quorum for an election timeout steps down. */
        @Test
        void leaderThatHearsFromNoQuorumStepsDown() {
            threeVoters("checkquorum=true");
            for (int timeouts = 0; timeouts < 2; timeouts++) {
                run("tick-election 1", "process-ready 1", "deliver-msgs drop=(2,3)");
            }
            assertThat(role(1)).isEqualTo(Role.FOLLOWER);
            assertThat(cluster.status(1).leader()).isZero();
            assertThat(term(1)).isEqualTo(1);
        }

        /** One follower of two is a quorum with the leader. */
        @Test
        void leaderThatHearsFromAQuorumStays() {
            threeVoters("checkquorum=true");
            for (int timeouts = 0; timeouts < 4; timeouts++) {
                run("tick-heartbeat 1");
                stabilizeWithout(3, 1, 2);
                run("tick-heartbeat 1");
                stabilizeWithout(3, 1, 2);
            }
            assertLeader(1, 1);
        }

        /** Section 4.2.3: followers of a live leader ignore requests for votes, and their term stays. */
        @Test
        void followersOfALiveLeaderIgnoreACampaign() {
            threeVoters("checkquorum=true");
            run("campaign 3", "process-ready 3", "deliver-msgs 1 2");
            assertLeader(1, 1);
            assertThat(term(2)).isEqualTo(1);
            assertThat(cluster.status(2).leader()).isEqualTo(1);
        }
    }

    @Nested
    class JointConsensus {

        /** Four members, of whom 4 is to take the place of 1; the joint configuration is applied everywhere. */
        private void enterJoint() {
            run(
                    "log-level none",
                    "add-nodes 4 voters=(1,2,3) learners=(4) index=10",
                    "campaign 1",
                    "stabilize",
                    "propose-conf-change 1 transition=explicit\nr3 v4",
                    "stabilize");
            assertThat(cluster.status(1).confState())
                    .isEqualTo(new ConfState(List.of(1L, 2L, 4L), List.of(1L, 2L, 3L), List.of(), List.of(), false));
        }

        /** Section 4.3: an entry needs a majority of the old and one of the new configuration. */
        @Test
        void entryNeedsBothMajorities() {
            enterJoint();
            long before = commit(1);
            // 1 and 3 are two of the old three, but only 1 is of the new three.
            run("propose 1 held", "process-ready 1", "deliver-msgs drop=(2,4)", "stabilize 1 3");
            assertThat(commit(1)).isEqualTo(before);
            run("deliver-msgs drop=(2,4)", "tick-heartbeat 1", "stabilize");
            assertThat(commit(1)).isEqualTo(before + 1);
        }

        /** Section 4.3: a candidate needs both majorities as well. */
        @Test
        void candidateNeedsBothMajorities() {
            enterJoint();
            long term = term(1);
            run("campaign 3", "process-ready 3", "deliver-msgs drop=(2,4)", "stabilize 1 3", "deliver-msgs drop=(2,4)");
            assertThat(role(3)).isEqualTo(Role.CANDIDATE);
            assertThat(term(3)).isEqualTo(term + 1);
        }

        /** Section 4.3: the last configuration is the new one alone. */
        @Test
        void leavingMakesTheNewConfigurationCountAlone() {
            enterJoint();
            run("propose-conf-change 1", "stabilize");
            assertThat(cluster.status(1).confState())
                    .isEqualTo(new ConfState(List.of(1L, 2L, 4L), List.of(), List.of(), List.of(), false));
            long before = commit(1);
            run("propose 1 new", "stabilize 1 2");
            assertThat(commit(1)).isEqualTo(before + 1);
        }

        /** Section 4.1: a change that is not applied keeps others out; here it is replaced by an empty entry. */
        @Test
        void secondChangeDoesNotEnterWhileOneIsUnderWay() {
            enterJoint();
            run("propose-conf-change 1\nv3", "stabilize");
            assertThat(cluster.status(1).confState().votersOutgoing()).containsExactly(1L, 2L, 3L);
        }
    }

    @Nested
    class AsynchronousWrites {

        private static final String ASYNC = "async-storage-writes=true";

        /** Section 10.2.1: the leader's own copy counts only once it is durable. */
        @Test
        void leaderDoesNotCountItsOwnCopyBeforeItIsDurable() {
            run("log-level none", "add-nodes 1 voters=(1) index=10 " + ASYNC, "campaign 1", "stabilize");
            long before = commit(1);
            run("propose 1 x", "process-ready 1", "deliver-msgs 1");
            assertThat(commit(1)).isEqualTo(before);
            run("process-append-thread 1", "deliver-msgs 1");
            assertThat(commit(1)).isEqualTo(before + 1);
        }

        /** Section 10.2.1: entries go to followers before the leader has written them; a quorum without it commits. */
        @Test
        void quorumOfFollowersCommitsWhatTheLeaderHasNotWritten() {
            threeVoters(ASYNC);
            run("propose 1 x", "process-ready 1", "stabilize 2 3", "deliver-msgs 1");
            assertThat(commit(1)).isEqualTo(12);
        }

        /** Figure 3.1: a follower acknowledges after its write, not before. */
        @Test
        void followerAcknowledgesOnlyWhatIsDurable() {
            threeVoters(ASYNC);
            run("propose 1 x", "process-ready 1", "deliver-msgs 2 drop=(3)", "process-ready 2");
            assertThat(print("deliver-msgs 1")).isEqualTo("no messages\n");
            run("process-append-thread 2");
            assertThat(print("deliver-msgs 1")).contains("2->1 MsgAppResp Term:1 Log:0/12");
        }

        /** Figure 3.1: a vote is durable before it is told. */
        @Test
        void voterTellsItsVoteOnlyOnceItIsDurable() {
            threeVoters(ASYNC);
            run("campaign 2", "process-ready 2", "process-append-thread 2", "deliver-msgs 2 3", "process-ready 3");
            assertThat(print("deliver-msgs 2")).isEqualTo("no messages\n");
            run("process-append-thread 3");
            assertThat(print("deliver-msgs 2")).contains("3->2 MsgVoteResp Term:2");
            assertLeader(2, 2);
        }
    }

    @Nested
    class Snapshots {

        /** Chapter 5: a follower that needs compacted entries gets a snapshot, and the entries behind it. */
        @Test
        void followerBehindTheLogGetsASnapshotAndCatchesUp() {
            threeVoters("");
            run("propose 1 a", "propose 1 b");
            stabilizeWithout(3, 1, 2);
            run("compact 1 13", "propose 1 c");
            assertThat(commit(3)).isEqualTo(11);
            run("report-unreachable 1 3", "tick-heartbeat 1");
            assertThat(print("stabilize")).contains("MsgSnap");
            assertThat(commit(3)).isEqualTo(14);
            assertThat(print("status 1")).contains("3: StateReplicate match=14 next=15");
        }

        /** Chapter 5 with 3.6.2: a snapshot that is older than what is committed changes nothing. */
        @Test
        void olderSnapshotIsIgnored() {
            threeVoters("");
            run("propose 1 a", "stabilize", "send-snapshot 1 2", "propose 1 b", "stabilize");
            assertThat(commit(2)).isEqualTo(13);
            assertThat(print("raft-log 2")).contains("1/13 EntryNormal \"b\"");
        }
    }

    @Nested
    class Learners {

        private void oneVoterAndALearner() {
            run("log-level none", "add-nodes 2 voters=(1) learners=(2) index=10", "campaign 1", "stabilize");
            assertLeader(1, 1);
        }

        /** Section 4.2.1: a learner gets entries and does not count. */
        @Test
        void entryCommitsWithoutTheLearnerAndReachesIt() {
            oneVoterAndALearner();
            run("propose 1 x", "stabilize 1");
            assertThat(commit(1)).isEqualTo(12);
            run("stabilize");
            assertThat(commit(2)).isEqualTo(12);
        }

        /** Section 4.2.1: it has no vote of its own to campaign with. */
        @Test
        void learnerDoesNotCampaign() {
            oneVoterAndALearner();
            run("tick-election 2", "tick-election 2", "stabilize");
            assertThat(role(2)).isEqualTo(Role.FOLLOWER);
            assertThat(term(2)).isEqualTo(1);
        }

        /** Section 4.2.1: once promoted, it counts: two voters need each other. */
        @Test
        void promotedLearnerCounts() {
            oneVoterAndALearner();
            run("propose-conf-change 1\nv2", "stabilize");
            assertThat(cluster.status(1).confState().voters()).containsExactly(1L, 2L);
            long before = commit(1);
            run("propose 1 x", "process-ready 1", "deliver-msgs drop=(2)", "stabilize 1");
            assertThat(commit(1)).isEqualTo(before);
            run("tick-heartbeat 1", "stabilize");
            assertThat(commit(1)).isEqualTo(before + 1);
        }
    }

    @Nested
    class Removal {

        /** Section 4.2.2: a leader that removes itself does not count itself; the others elect a new one. */
        @Test
        void leaderThatRemovesItselfIsFollowedByAnother() {
            threeVoters("step-down-on-removal=true");
            run("propose-conf-change 1\nr1", "stabilize");
            assertThat(role(1)).isEqualTo(Role.FOLLOWER);
            run("campaign 2", "stabilize");
            assertLeader(2, 2);
            assertThat(cluster.status(2).confState().voters()).containsExactly(2L, 3L);
        }
    }
}
