package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console about a cluster of three members, in a real browser. */
class ConsoleClusterIT {

    @TempDir
    private Path directory;

    @Test
    void leadershipWhenHandedOverInThePageIsSeenByAll() {
        assumeTrue(Browser.isInstalled(), "no Chromium here");
        try (TestCluster cluster = new TestCluster(3, Map.of("console.writable", "true")).start();
                Browser browser = new Browser(directory)) {
            TestMember leader = cluster.leader();
            TestMember follower = cluster.follower();
            Tab tab = browser.open().go(leader.clientUrl() + "/console/#/cluster");
            tab.shows("leader, this member").shows(follower.clientUrl());
            String row = "[...document.querySelectorAll('tbody tr')].find(one => one.innerText.startsWith('"
                    + follower.name() + "'))";
            tab.until(row + "?.querySelector('button')?.innerText === 'Make it leader'");
            tab.value(row + ".querySelector('button').click()");
            tab.enter("To go on", follower.name()).click("dialog .main").shows("The leadership was handed over.");

            tab.shows("follower, this member").picture("cluster-of-three");
            Tab other = browser.open().go(follower.clientUrl() + "/console/#/cluster");
            other.shows("leader, this member");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
