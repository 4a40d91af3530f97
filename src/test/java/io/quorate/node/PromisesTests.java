package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.node.wal.MemoryDisk;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real node with its real log writer among two that play members of any term and any log: whatever it promises is on its
 * disk when the promise leaves, even if all that was not synced gets lost then (thesis, figure 3.1).
 */
class PromisesTests {

    private static final int STEPS = 2_000;
    private static final int TERMS_AHEAD = 2;
    private static final byte[] TRANSFER = "CampaignTransfer".getBytes(StandardCharsets.UTF_8);

    private final MemoryDisk disk = new MemoryDisk();
    private final SteppedNode member = new SteppedNode(3, disk, this::leaves);
    private int votes;
    private int acknowledgements;

    private void leaves(Message message) {
        if (message.reject()) {
            return;
        }
        if (message.type() == MessageType.VOTE_RESP) {
            votes++;
            Status left = left();
            assertThat(left.term()).as("%s", message).isGreaterThanOrEqualTo(message.term());
            assertThat(left.vote())
                    .as("%s", message)
                    .isEqualTo(left.term() == message.term() ? message.to() : left.vote());
        } else if (message.type() == MessageType.APP_RESP && message.index() > 0) {
            acknowledgements++;
            Status left = left();
            assertThat(left.term()).as("%s", message).isGreaterThanOrEqualTo(message.term());
            // what was acknowledged in an earlier term may have been replaced
            assertThat(left.lastIndex())
                    .as("%s", message)
                    .isGreaterThanOrEqualTo(left.term() == message.term() ? message.index() : 0);
        }
    }

    /** What it would come back with after a loss of power now. */
    private Status left() {
        return BootstrapTests.start(disk.copy()).core().status();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void messagesWhenTheyPromiseAreBackedByTheDisk(long seed) {
        Random random = new Random(seed);
        member.settle();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(3)) {
                case 0 -> member.stepWriter();
                case 1 -> member.stepNode();
                default -> member.node.receive(anything(random));
            }
        }
        member.settle();
        assertThat(votes).as("votes with seed %d", seed).isGreaterThan(20);
        assertThat(acknowledgements).as("acknowledgements with seed %d", seed).isGreaterThan(20);
    }

    /** Each term has one leader, so that no two logs contradict each other: member 2 in even ones, member 3 in odd ones. */
    private Message anything(Random random) {
        Status now = member.node.status();
        long term = now.term() + random.nextInt(TERMS_AHEAD + 1);
        boolean election = random.nextInt(3) > 0;
        long from = election ? 2 + random.nextInt(2) : 2 + term % 2;
        long last = now.lastIndex();
        Message.MessageBuilder message =
                Message.builder().from(from).to(SteppedNode.ID).term(term);
        if (election) {
            // a log that is behind or level, so that a term is sometimes learned without voting
            return message.type(MessageType.VOTE)
                    .index(Math.max(0, last - random.nextInt(2)))
                    .logTerm(member.lastTerm())
                    .context(TRANSFER) // else a member that hears of a leader does not listen
                    .build();
        }
        List<Entry> entries = LongStream.rangeClosed(last + 1, last + random.nextInt(3))
                .mapToObj(index -> new Entry(term, index, EntryType.NORMAL, new byte[] {1}))
                .toList();
        return message.type(MessageType.APP)
                .index(last)
                .logTerm(member.lastTerm())
                .entries(entries)
                .commit(now.commit())
                .build();
    }
}
