package io.quorate.bootstrap;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.node.transport.MembersCall;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerDirectory;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerReceivers;
import io.quorate.node.transport.PeerSettings;
import io.quorate.proto.Member;
import io.quorate.proto.MemberListResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Guards {@code --force-new-cluster}: a member may go on alone only when none of the others runs. Two clusters of the same id
 * would otherwise acknowledge different writes. From when it asks until its own peer port opens, it answers there that it runs, so
 * that of members which are all told to go on alone one does at most. One thread at a time.
 */
@Slf4j
public final class LoneStart implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private @Nullable PeerNetwork here;

    /**
     * The member that is to go on alone.
     *
     * @param name told to others that ask
     * @param listen its own peer addresses
     */
    public record Candidate(PeerIdentity identity, String name, List<PeerAddress> listen) {}

    /**
     * Asks the other members on their peer ports. Blocks for up to three seconds.
     *
     * @param others where the other members are, by what this member knows
     * @throws LostLogException if one of them answers
     */
    public void check(Candidate candidate, List<PeerAddress> others, PeerSettings options) {
        if (others.isEmpty()) {
            return;
        }
        PeerNetwork answering = new PeerNetwork(candidate.identity(), new Answering(candidate.name()), options);
        answering.connect(PeerReceivers.NONE);
        here = answering;
        try {
            for (PeerAddress address : candidate.listen()) {
                answering.listen(address);
            }
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
                            + " cluster whose majority is lost, for one member, and for one start only.");
        } catch (TimeoutException e) {
            log.warn("none of {} answers; going on alone", others);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the list of members cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The member's own peer port takes over, or the member does not go on. */
    @Override
    public void close() {
        if (here != null) {
            here.close();
            here = null;
        }
    }

    /** Says only that a member answers. */
    private record Answering(String name) implements PeerDirectory {

        @Override
        public List<PeerAddress> addresses(long id) {
            return List.of();
        }

        @Override
        public boolean isRemoved(long id) {
            return false;
        }

        @Override
        public byte[] members() {
            return MemberListResponse.newBuilder()
                    .addMembers(Member.newBuilder().setName(name))
                    .build()
                    .toByteArray();
        }
    }
}
