package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The cluster the member belongs to and how the other members reach it.
 *
 * @param name Name of this member, unique in its cluster.
 * @param listenPeerUrls Where the member listens for other members; an IP address or localhost, or a socket file with unix://
 *     or unixs://.
 * @param initialAdvertisePeerUrls Where other members reach this one. The member id derives from it.
 * @param initialCluster The members of a new cluster, as name=url,name=url; empty means this member alone. Of a cluster
 *     that is joined, at least this member and one that runs.
 * @param discoverySrv Domain whose SRV records name the members, instead of initial-cluster.
 * @param discoverySrvName Appended, with a hyphen, to the service that is looked up there.
 * @param initialClusterState Whether the cluster is started ("new") or joined ("existing").
 * @param initialClusterToken Text that keeps clusters with equal URLs apart; part of member and cluster ids.
 * @param forceNewCluster Goes on as a cluster of this member alone, with the data it has. Only after a majority was lost for
 *     good; no other member may run.
 * @param strictReconfigCheck Refuses changes of membership that would leave the cluster without a quorum.
 * @param maxLearners Learners a cluster may have at the same time.
 * @param downgradeCheckTime Time between two checks of the leader whether all members run the release that a downgrade leads
 *     to, which ends it.
 * @param autoPromote Whether this member, as a learner, asks to become a voter as soon as it has caught up.
 */
@ConfigurationProperties("quorate")
public record ClusterSettings(
        @DefaultValue("default") String name,
        @DefaultValue("http://localhost:2380") List<MemberUrl> listenPeerUrls,
        @DefaultValue("http://localhost:2380") List<MemberUrl> initialAdvertisePeerUrls,
        @DefaultValue("") InitialCluster initialCluster,
        @DefaultValue("") String discoverySrv,
        @DefaultValue("") String discoverySrvName,
        @DefaultValue("new") State initialClusterState,
        @DefaultValue("etcd-cluster") String initialClusterToken,
        @DefaultValue("false") boolean forceNewCluster,
        @DefaultValue("true") boolean strictReconfigCheck,
        @DefaultValue("1") int maxLearners,
        @DefaultValue("5s") Duration downgradeCheckTime,
        @DefaultValue("false") boolean autoPromote) {

    /** How a member without data begins. */
    public enum State {
        NEW,
        EXISTING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ClusterSettings {
        UrlLists.checkBindable("quorate.listen-peer-urls", listenPeerUrls);
        UrlLists.checkReachable("quorate.initial-advertise-peer-urls", initialAdvertisePeerUrls);
        check(maxLearners > 0, "quorate.max-learners", maxLearners, "must be at least 1");
        check(downgradeCheckTime.isPositive(), "quorate.downgrade-check-time", downgradeCheckTime, "must be positive");
        listenPeerUrls = List.copyOf(listenPeerUrls);
        initialAdvertisePeerUrls = List.copyOf(initialAdvertisePeerUrls);
        if (discoverySrv.isEmpty()) {
            initialCluster =
                    initialCluster.isEmpty() ? InitialCluster.alone(name, initialAdvertisePeerUrls) : initialCluster;
            checkMembers(name, initialCluster, initialAdvertisePeerUrls);
        } else {
            check(
                    initialCluster.isEmpty(),
                    "quorate.initial-cluster",
                    initialCluster,
                    "must not be given together with quorate.discovery-srv");
        }
    }

    private static void checkMembers(String name, InitialCluster cluster, List<MemberUrl> advertised) {
        List<MemberUrl> own = cluster.members().get(name);
        String property = "quorate.initial-cluster";
        if (own == null) {
            throw new BadSettingException(property, cluster, "must name this member, '" + name + "'");
        }
        check(
                PeerUrls.leadToTheSame(own, advertised),
                property,
                cluster,
                "must give '" + name + "' the URLs of quorate.initial-advertise-peer-urls (" + UrlLists.show(advertised)
                        + ")");
        Set<MemberUrl> urls = new HashSet<>();
        cluster.members().values().stream()
                .flatMap(List::stream)
                .forEach(url -> check(urls.add(url), property, cluster, "must not give " + url + " twice"));
    }
}
