package io.quorate.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.quorum.JointConfig;
import io.quorate.raft.quorum.MajorityConfig;
import io.quorate.raft.quorum.MajorityConfig.AckedIndexes;
import io.quorate.raft.quorum.MajorityConfig.Ballots;
import io.quorate.raft.quorum.MajorityConfig.VoteResult;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** The arithmetic of majorities. Every result is also computed in ways that must not make a difference. */
final class QuorumEnvironment implements Environment {

    @Override
    public String run(Directive directive) {
        List<String> second = directive.values("cfgj");
        List<Long> incoming = directive.ids("cfg");
        List<Long> outgoing = second == null || second.equals(List.of("zero")) ? List.of() : directive.ids("cfgj");
        SequencedSet<Long> voters = new LinkedHashSet<>(incoming);
        voters.addAll(outgoing);
        JointConfig config = JointConfig.of(IdSet.copyOf(incoming), IdSet.copyOf(outgoing));
        boolean vote = directive.command().equals("vote");
        List<String> given = directive.values(vote ? "votes" : "idx");
        Map<Long, String> values = new HashMap<>();
        int position = 0;
        if ((given == null ? 0 : given.size()) != voters.size()) {
            return "error: mismatched input";
        }
        for (long voter : voters) {
            String value = given == null ? "_" : given.get(position++);
            if (!value.equals("_")) {
                values.put(voter, value);
            }
        }
        return vote ? vote(config, values) : committed(config, values);
    }

    private static String vote(JointConfig config, Map<Long, String> values) {
        Ballots ballots = id -> {
            String value = values.get(id);
            return value == null ? null : value.equals("y");
        };
        VoteResult result = config.voteResult(ballots);
        assertThat(new JointConfig(config.outgoing(), config.incoming()).voteResult(ballots))
                .isEqualTo(result);
        return switch (result) {
            case PENDING -> "VotePending";
            case LOST -> "VoteLost";
            case WON -> "VoteWon";
        };
    }

    private static String committed(JointConfig config, Map<Long, String> values) {
        Map<Long, Long> indexes = new HashMap<>();
        values.forEach((id, value) -> indexes.put(id, Long.parseLong(value)));
        long result = config.committedIndex(acked(indexes));
        checkAlternatives(config, indexes, result);
        String number = result == MajorityConfig.INFINITE_INDEX ? "∞" : String.valueOf(result);
        return chart(config.ids(), indexes) + number;
    }

    private static AckedIndexes acked(Map<Long, Long> indexes) {
        return id -> indexes.getOrDefault(id, AckedIndexes.UNKNOWN);
    }

    private static void checkAlternatives(JointConfig config, Map<Long, Long> indexes, long result) {
        assertThat(new JointConfig(config.outgoing(), config.incoming()).committedIndex(acked(indexes)))
                .isEqualTo(result);
        if (!config.isJoint()) {
            assertThat(config.incoming().committedIndex(acked(indexes))).isEqualTo(result);
            assertThat(new JointConfig(config.incoming(), config.incoming()).committedIndex(acked(indexes)))
                    .isEqualTo(result);
        }
        indexes.forEach((id, index) -> {
            if (index < result) {
                for (long lower : new long[] {index - 1, 0}) {
                    Map<Long, Long> lowered = new HashMap<>(indexes);
                    lowered.put(id, lower);
                    assertThat(config.committedIndex(acked(lowered))).isEqualTo(result);
                }
            }
        });
    }

    /** One bar a voter; the further ahead it is of others, the longer. */
    private static String chart(IdSet voters, Map<Long, Long> indexes) {
        int size = voters.size();
        if (size == 0) {
            return "<empty majority quorum>";
        }
        List<Long> order = Stream.iterate(0, i -> i + 1)
                .limit(size)
                .map(voters::get)
                .sorted(Comparator.comparingLong((Long id) -> indexes.getOrDefault(id, 0L))
                        .thenComparing(Long::compareUnsigned))
                .toList();
        Map<Long, Integer> bars = new HashMap<>();
        int bar = 0;
        for (int i = 0; i < size; i++) {
            if (i > 0 && indexes.getOrDefault(order.get(i), 0L) > indexes.getOrDefault(order.get(i - 1), 0L)) {
                bar = i;
            }
            bars.put(order.get(i), bar);
        }
        StringBuilder text = new StringBuilder(" ".repeat(size)).append("    idx\n");
        for (int i = 0; i < size; i++) {
            long id = voters.get(i);
            Long index = indexes.get(id);
            int length = bars.getOrDefault(id, 0);
            text.append(index == null ? "?" + " ".repeat(size) : "x".repeat(length) + ">" + " ".repeat(size - length));
            text.append(' ').append(String.format(Locale.ROOT, "%5d", index == null ? 0 : index));
            text.append("    (id=").append(Long.toHexString(id)).append(")\n");
        }
        return text.toString();
    }
}
