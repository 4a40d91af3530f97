package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.StatusRuntimeException;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.OpenedParts;
import io.quorate.fixture.TestMember;
import io.quorate.integration.backup.CuttingProxy.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last step of a live migration when something is lost: its answer, its process, or the etcd for good. */
class FollowFinishIT {

    @TempDir
    private Path directory;

    private TestMember etcd;
    private TestMember member;
    private GrpcConnection there;
    private GrpcConnection here;
    private final OpenedParts opened = new OpenedParts();

    @BeforeEach
    void follow() {
        assumeTrue(ComparedEtcd.program("etcd").isPresent(), "today's etcd was not built, see .ci/etcd");
        etcd = opened.add(new EtcdProcess(Map.of()).start());
        there = opened.add(GrpcConnection.to(etcd));
        member = opened.add(TestMember.create(Map.of()).start());
        here = opened.add(GrpcConnection.to(member));
        for (int i = 0; i < 20; i++) {
            there.put("k" + i, "1");
        }
        FollowRun follow = run(member.clientUrl(), "--follow");
        follow.awaitLine("Follows the etcd");
        follow.kill();
    }

    @AfterEach
    void close() throws Exception {
        opened.close();
    }

    private FollowRun run(String endpoints, String... more) {
        return opened.add(new FollowRun(directory, etcd.clientUrl(), endpoints, more));
    }

    private CuttingProxy proxy(Mode mode) {
        return opened.add(new CuttingProxy(member, mode));
    }

    private static String refusal(GrpcConnection grpc) {
        try {
            return "taken as revision " + grpc.put("k", "2").getHeader().getRevision();
        } catch (StatusRuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void assertTakenOver(long revision) {
        assertThat(refusal(there)).contains("corrupt cluster");
        assertThat(here.put("own", "1").getHeader().getRevision()).isEqualTo(revision + 1);
    }

    @Test
    void finishWhenItsAnswerIsLostAndAnotherEndpointRefusesEndsWell() {
        CuttingProxy proxy = proxy(Mode.ANSWER_IS_LOST);
        FollowRun finish = run(proxy.url() + "," + member.clientUrl(), "--finish", "--seal");
        finish.awaitSuccess("the cluster has taken over at revision 21");
        assertTakenOver(21);
    }

    @Test
    void finishWhenNobodyAnswersAfterItLeavesTheSealAndTheNextRunTells() {
        CuttingProxy proxy = proxy(Mode.MEMBER_DIES_BEHIND_IT);
        FollowRun finish = run(proxy.url(), "--finish", "--seal", "--pause-max=3s");
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isEqualTo(1);
        assertThat(finish.output()).contains("Whether the cluster has taken over is not known", "stays sealed");
        assertThat(refusal(there)).contains("corrupt cluster");

        run(member.clientUrl(), "--finish", "--seal").awaitSuccess("the cluster has taken over at revision 21");
        assertTakenOver(21);
        run(member.clientUrl(), "--follow").awaitSuccess("the cluster has taken over at revision");
    }

    /** The second member refuses, for the cluster has taken over already: that must not open the etcd again. */
    @Test
    void finishWhenDoneByAMemberThatDiesAndRefusedByTheNextLeavesTheSeal() {
        String endpoints = proxy(Mode.MEMBER_DIES_BEHIND_IT).url() + ","
                + proxy(Mode.MEMBER_DIES_BEHIND_ITS_ANSWER).url();
        FollowRun finish = run(endpoints, "--finish", "--seal", "--pause-max=3s");
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isEqualTo(1);
        assertThat(finish.output()).contains("Whether the cluster has taken over is not known");
        assertTakenOver(21);
    }

    @Test
    void finishWhenKilledBetweenSealAndTakeOverIsDoneByTheNextRun() throws InterruptedException {
        CuttingProxy proxy = proxy(Mode.NEVER_DONE);
        FollowRun finish = run(proxy.url(), "--finish", "--seal");
        proxy.awaitFinish();
        finish.kill();
        assertThat(refusal(there)).contains("corrupt cluster");
        assertThat(refusal(here)).contains("quorate: this cluster follows an etcd");

        run(member.clientUrl(), "--finish", "--seal").awaitSuccess("the cluster has taken over at revision 21, hash ");
        assertTakenOver(21);
    }

    @Test
    void sealWhenLeftByAKilledRunIsToldToAnotherCluster() throws InterruptedException {
        CuttingProxy proxy = proxy(Mode.NEVER_DONE);
        FollowRun finish = run(proxy.url(), "--finish", "--seal");
        proxy.awaitFinish();
        finish.kill();
        TestMember other = opened.add(TestMember.create(Map.of()).start());
        FollowRun begun = run(other.clientUrl(), "--follow");
        assertThat(begun.awaitEnd()).isEqualTo(1);
        assertThat(begun.output()).contains("The etcd is sealed by an earlier hand-over", "'etcdctl alarm disarm'");
    }

    @Test
    void finishWhenTheEtcdIsLostTakesOverWhatIsThereAndSaysSo() {
        etcd.kill();
        FollowRun without = run(member.clientUrl(), "--finish", "--timeout=1s");
        assertThat(without.awaitEnd()).isEqualTo(1);
        assertThat(refusal(here)).contains("quorate: this cluster follows an etcd");

        FollowRun finish = run(member.clientUrl(), "--finish", "--source-lost");
        finish.awaitSuccess("the cluster has taken over at revision 21 without the etcd");
        assertThat(finish.output())
                .contains("The cluster takes over at revision 21: what the etcd has written behind it is lost");
        assertThat(here.get("k19").getCount()).isEqualTo(1);
        assertThat(here.put("own", "1").getHeader().getRevision()).isEqualTo(22);
        run(member.clientUrl(), "--finish", "--source-lost")
                .awaitSuccess("the cluster has taken over at revision 21\n");
    }

    @Test
    void finishWhenTheEtcdIsCalledLostAndAnswersRefuses() {
        FollowRun finish = run(member.clientUrl(), "--finish", "--source-lost");
        assertThat(finish.awaitEnd()).isEqualTo(1);
        assertThat(finish.output()).contains("The etcd answers, so it is not lost. Nothing was switched");
        assertThat(refusal(here)).contains("quorate: this cluster follows an etcd");
        there.put("more", "1");
    }

    @Test
    void finishWhenNothingIsFollowedOrSealedRefuses() {
        TestMember other = opened.add(TestMember.create(Map.of()).start());
        etcd.kill();
        FollowRun finish = run(other.clientUrl(), "--finish", "--source-lost");
        assertThat(finish.awaitEnd()).isEqualTo(1);
        assertThat(finish.output()).contains("The cluster follows no etcd.");
        FollowRun sealed = run(other.clientUrl(), "--finish", "--source-lost", "--seal");
        assertThat(sealed.awaitEnd()).isEqualTo(1);
        assertThat(sealed.output()).contains("--source-lost goes with --finish, and without --seal.");
    }

    @Test
    void guideWhenReadHasTheseCommands() throws IOException {
        assertThat(Files.readString(Path.of("docs", "migration.md")))
                .contains("bin/quorate migrate --finish --source-lost --from=http://etcd:2379"
                        + " --endpoints=http://quorate:2379\n");
    }
}
