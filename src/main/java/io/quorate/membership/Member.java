package io.quorate.membership;

import java.util.List;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;

/**
 * One member of the cluster.
 *
 * @param id derived from its first peer URLs, see {@link MemberIds}
 * @param name chosen by the operator; empty until the member has started
 * @param peerUrls where other members reach it
 * @param clientUrls where clients reach it; empty until the member has started
 * @param isLearner whether it gets the log without counting for a quorum
 */
@KeySpace("member")
public record Member(@Id Long id, String name, List<String> peerUrls, List<String> clientUrls, boolean isLearner) {

    public Member {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    /** A member as a configuration change announces it. */
    public static Member announced(long id, String name, List<String> peerUrls, boolean isLearner) {
        return new Member(id, name, peerUrls, List.of(), isLearner);
    }

    Member asVoter() {
        return new Member(id, name, peerUrls, clientUrls, false);
    }

    Member withPeerUrls(List<String> urls) {
        return new Member(id, name, urls, clientUrls, isLearner);
    }

    Member withAttributes(String startedName, List<String> urls) {
        return new Member(id, startedName, peerUrls, urls, isLearner);
    }
}
