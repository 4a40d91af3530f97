package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.api.port.EdgeFixture.FakeMember;
import io.quorate.api.rest.MemberPages.HealthOutcomes;
import io.quorate.proto.AlarmType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberPagesTests {

    private final FakeMember member = new FakeMember();
    private final List<String> outcomes = new ArrayList<>();
    private final MemberPages pages = new MemberPages(member, () -> "up 1\n", new Recorder());

    private final class Recorder implements HealthOutcomes {

        @Override
        public void health(boolean healthy) {
            outcomes.add("health " + healthy);
        }

        @Override
        public void check(String type, String name, boolean healthy) {
            outcomes.add(type + " " + name + " " + healthy);
        }
    }

    private Page get(String path, String query) {
        assertThat(pages.serves(path)).isTrue();
        return pages.render("GET", path, query).toCompletableFuture().join();
    }

    @Test
    void healthWhenAllIsWellIsTrue() {
        Page page = get("/health", "");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
        assertThat(page.headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
    }

    @Test
    void healthWhenAlarmIsRaisedNamesItUnlessExcluded() {
        member.alarms = Set.of(AlarmType.NOSPACE);
        Page page = get("/health", "");
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.body()).isEqualTo("{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}\n");
        assertThat(get("/health", "exclude=NOSPACE&exclude=CORRUPT").status()).isEqualTo(200);
        assertThat(get("/health", "exclude=CORRUPT").status()).isEqualTo(503);
    }

    @Test
    void pagesWhenAnsweredReportTheirOutcomes() {
        get("/health", "");
        get("/livez", "");
        member.learner = true;
        member.alarms = Set.of(AlarmType.NOSPACE);
        get("/health", "");
        get("/readyz/non_learner", "");
        assertThat(outcomes)
                .containsExactly(
                        "health true", "livez serializable_read true", "health false", "readyz non_learner false");
    }

    @Test
    void healthWhenLeaderIsUnknownFailsUnlessSerializable() {
        member.leaderKnown = false;
        assertThat(get("/health", "").body()).contains("\"RAFT NO LEADER\"");
        assertThat(get("/health", "serializable=true").status()).isEqualTo(200);
    }

    @Test
    void healthWhenReadFailsTellsTheReason() {
        member.readFailure = new IllegalStateException("etcdserver: request timed out");
        assertThat(get("/health", "").body()).contains("\"RANGE ERROR:etcdserver: request timed out\"");
    }

    @Test
    void pagesWhenMethodIsNotGetRefuse() {
        Page page = pages.render("POST", "/readyz", "").toCompletableFuture().join();
        assertThat(page.status()).isEqualTo(405);
        assertThat(page.headers()).containsEntry("Allow", "GET");
    }

    @Test
    void livezWhenAllIsWellIsOk() {
        assertThat(get("/livez", "").body()).isEqualTo("ok\n");
        assertThat(get("/livez/serializable_read", "").body()).isEqualTo("ok\n");
        assertThat(get("/livez", "verbose").body()).isEqualTo("[+]serializable_read ok\nok\n");
        assertThat(pages.serves("/livez/linearizable_read")).isFalse();
    }

    @Test
    void readyzWhenChecksFailListsAllOfThem() {
        member.alarms = Set.of(AlarmType.CORRUPT);
        member.learner = true;
        Page page = get("/readyz", "");
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.body().lines())
                .containsExactlyInAnyOrder(
                        "[-]data_corruption failed: alarm activated: CORRUPT",
                        "[+]serializable_read ok",
                        "[+]linearizable_read ok",
                        "[-]non_learner failed: not supported for learner");
        assertThat(get("/readyz/linearizable_read", "").status()).isEqualTo(200);
        assertThat(get("/readyz/non_learner", "").status()).isEqualTo(503);
        assertThat(get("/readyz", "exclude=data_corruption&exclude=non_learner").body())
                .isEqualTo("ok\n");
    }

    @Test
    void versionWhenClusterIsUndecidedSaysSo() {
        assertThat(get("/version", "").body())
                .isEqualTo("{\"etcdserver\":\"3.6.0\",\"etcdcluster\":\"not_decided\",\"storage\":\"3.6.0\"}");
    }

    @Test
    void metricsWhenAskedAreTheRegistrysText() {
        assertThat(get("/metrics", "").body()).isEqualTo("up 1\n");
    }
}
