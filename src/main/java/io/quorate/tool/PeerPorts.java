package io.quorate.tool;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.MonotonicClock;
import io.quorate.node.transport.MembersCall;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerSettings;
import io.quorate.proto.MemberListResponse;
import io.quorate.tls.Authorities;
import io.quorate.tls.Credentials;
import io.quorate.tls.Handshakes;
import io.quorate.tls.TlsHandlers;
import io.quorate.tls.TlsRules;
import io.quorate.tls.UnusableCredentialsException;
import io.quorate.tool.Tool.ToolException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.ssl.SslBundle;

/** Asks members for their cluster on their peer ports, which answer without a quorum, when the ports for clients do not. */
@RequiredArgsConstructor
final class PeerPorts {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Options options;

    /**
     * The members of a cluster that has been founded, as the first of its members that answers knows them.
     *
     * @param urls where members may be
     * @return nothing if none of them belongs to a cluster yet, or none answers within three seconds
     */
    Optional<List<ClusterMember>> members(Collection<String> urls) {
        List<PeerAddress> addresses = urls.stream().map(PeerAddress::of).toList();
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        try {
            MembersCall.Answer answer = MembersCall.ask(addresses, peerOptions(addresses), PATIENCE);
            return Optional.of(MemberListResponse.parseFrom(answer.members()).getMembersList().stream()
                    .map(member -> new ClusterMember(
                            Long.toUnsignedString(member.getID()),
                            member.getName(),
                            member.getPeerURLsList(),
                            member.getClientURLsList(),
                            member.getIsLearner()))
                    .toList());
        } catch (TimeoutException nobody) {
            return Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            throw new ToolException("The list of members cannot be read: " + e.getMessage());
        }
    }

    private PeerSettings peerOptions(List<PeerAddress> addresses) {
        if (addresses.stream().noneMatch(PeerAddress::secure)) {
            return PeerSettings.DEFAULT;
        }
        try {
            SslBundle bundle = options.certificates("peer-");
            KeyManagerFactory keys = bundle.getManagers().getKeyManagerFactory();
            Credentials credentials = new Credentials(
                    keys, keys, Authorities.in(bundle.getManagers().getTrustManagerFactory()), List.of());
            TlsHandlers dialling =
                    TlsHandlers.dialling(TlsRules.DEFAULT, new Handshakes("peer", MonotonicClock.SYSTEM), credentials);
            return PeerSettings.DEFAULT.withDialling(dialling);
        } catch (UnusableCredentialsException e) {
            throw new ToolException("The certificates for the peer ports cannot be used: " + e.getMessage());
        }
    }
}
