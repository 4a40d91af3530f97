package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The clock of consensus.
 *
 * @param heartbeatInterval Time between two heartbeats of the leader, and the tick of all timers. About the round trip
 *     between members.
 * @param electionTimeout Time without a heartbeat after which a member stands for election; at least five heartbeats,
 *     at most 50 s. Equal on all members.
 * @param initialElectionTickAdvance Shortens the wait for the first election after a start.
 * @param preVote Asks whether an election could be won before starting one, so that a member that was cut off does not
 *     disturb the others when it comes back.
 */
@ConfigurationProperties("quorate")
public record RaftSettings(
        @DefaultValue("100ms") Duration heartbeatInterval,
        @DefaultValue("1000ms") Duration electionTimeout,
        @DefaultValue("true") boolean initialElectionTickAdvance,
        @DefaultValue("true") boolean preVote) {

    private static final int HEARTBEATS_PER_ELECTION_MIN = 5;
    private static final Duration ELECTION_TIMEOUT_MAX = Duration.ofSeconds(50);

    public RaftSettings {
        check(
                heartbeatInterval.toMillis() > 0,
                "quorate.heartbeat-interval",
                show(heartbeatInterval),
                "must be at least 1ms");
        check(
                electionTimeout.compareTo(heartbeatInterval.multipliedBy(HEARTBEATS_PER_ELECTION_MIN)) >= 0,
                "quorate.election-timeout",
                show(electionTimeout),
                "must be at least " + HEARTBEATS_PER_ELECTION_MIN + " times quorate.heartbeat-interval ("
                        + show(heartbeatInterval) + ")");
        check(
                electionTimeout.compareTo(ELECTION_TIMEOUT_MAX) <= 0,
                "quorate.election-timeout",
                show(electionTimeout),
                "must be at most " + show(ELECTION_TIMEOUT_MAX));
    }

    /** The election timeout in ticks of one heartbeat interval each, rounded down as etcd does. */
    public int electionTicks() {
        return Math.toIntExact(electionTimeout.toMillis() / heartbeatInterval.toMillis());
    }

    private static String show(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
