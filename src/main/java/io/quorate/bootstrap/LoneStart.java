package io.quorate.bootstrap;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.node.transport.MembersCall;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerOptions;
import io.quorate.proto.Member;
import io.quorate.proto.MemberListResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;

/**
 * Guards {@code --force-new-cluster}: a member may go on alone only when none of the others runs. Two clusters of the same id
 * would otherwise acknowledge different writes.
 */
@Slf4j
public final class LoneStart {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private LoneStart() {}

    /**
     * Asks the other members on their peer ports. Blocks for up to three seconds.
     *
     * @param others where the other members are, by what this member knows
     * @throws LostLogException if one of them answers
     */
    public static void check(List<PeerAddress> others, PeerOptions options) {
        if (others.isEmpty()) {
            return;
        }
        try {
            MembersCall.Answer answer = MembersCall.ask(others, options, PATIENCE);
            String names = MemberListResponse.parseFrom(answer.members()).getMembersList().stream()
                    .map(Member::getName)
                    .filter(name -> !name.isEmpty())
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new LostLogException(
                    "a member of the cluster " + names
                            + " runs, so this one must not go on alone with force-new-cluster",
                    "Stop the other members for good first, or take force-new-cluster out of the settings: it is for a"
                            + " cluster whose majority is lost, and for one start only.");
        } catch (TimeoutException e) {
            log.warn("none of {} answers; going on alone", others);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the list of members cannot be read", e);
        }
    }
}
