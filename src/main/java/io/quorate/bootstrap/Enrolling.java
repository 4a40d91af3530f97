package io.quorate.bootstrap;

import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.config.ClusterSettings;
import io.quorate.config.MemberSettings;
import io.quorate.membership.Membership;
import io.quorate.node.Bootstrap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;

/**
 * The members that one has to ask before it takes part.
 *
 * @param others the other members by id, with where they are; empty for a member with a log, and for one alone
 */
@Slf4j
public record Enrolling(Map<Long, String> others) {

    /**
     * Decides it.
     *
     * @param register knows whether a member with an empty log has lost one
     * @param cluster tells whether the member goes on alone, which is said in the log
     * @throws LostLogException if this member has taken part in its cluster with another log
     */
    public static Enrolling of(
            Bootstrap.Start start,
            MemberIdentity identity,
            EnrolmentRegister register,
            MemberSettings member,
            ClusterSettings cluster,
            Membership membership) {
        Map<Long, String> others = new TreeMap<>();
        if (start.isNew()) {
            register.checkFirstStart(member.walDirectory());
            identity.peerUrls().forEach((id, urls) -> others.put(id, String.join(" ", urls)));
            others.remove(identity.identity().getNodeID());
        } else if (cluster.forceNewCluster()) {
            warnOfLoneliness(membership);
        }
        if (others.isEmpty()) {
            register.takesPart(start.incarnation());
        }
        return new Enrolling(others);
    }

    /** Whether the member takes part only after it was confirmed. */
    public boolean isNeeded() {
        return !others.isEmpty();
    }

    private static void warnOfLoneliness(Membership membership) {
        String others = membership.members().stream()
                .filter(each -> each.id() != membership.localId())
                .map(each -> ClusterDirectory.named(each.name(), each.id()))
                .sorted()
                .collect(Collectors.joining(", "));
        log.warn(
                "cluster of one now; {}; remove force-new-cluster before the next start",
                others.isEmpty() ? "there were no other members" : "members " + others + " were taken out");
    }
}
