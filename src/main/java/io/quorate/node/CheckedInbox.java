package io.quorate.node;

import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import io.quorate.node.transport.PeerInbox;
import io.quorate.raft.Entry;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.time.Duration;
import java.util.function.Function;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Takes what other members send to the node, but no proposal that would put an entry into the log which no member could apply.
 * Such a proposal is lost, as on a network; its proposer runs into its timeout. Called by the event loop.
 */
@Slf4j
public final class CheckedInbox implements PeerInbox {

    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

    private final PeerInbox node;
    private final Function<Entry, @Nullable String> refusal;
    private final Throttle reports = new Throttle(REPORT_INTERVAL, MonotonicClock.SYSTEM);

    /** @param refusal says why an entry must not enter the log; null if it may */
    public CheckedInbox(PeerInbox node, Function<Entry, @Nullable String> refusal) {
        this.node = node;
        this.refusal = refusal;
    }

    @Override
    public boolean receive(Message message) {
        return (message.type() != MessageType.PROP || isApplicable(message)) && node.receive(message);
    }

    private boolean isApplicable(Message message) {
        for (Entry entry : message.entries()) {
            String problem = refusal.apply(entry);
            if (problem != null) {
                report(message, problem);
                return false;
            }
        }
        return true;
    }

    private void report(Message message, String problem) {
        long more = reports.admit();
        if (more != Throttle.HELD_BACK) {
            log.error(
                    "dropped a proposal of member {}: {}{}",
                    Long.toHexString(message.from()),
                    problem,
                    Throttle.more(more));
        }
    }

    @Override
    public void unreachable(long id) {
        node.unreachable(id);
    }

    @Override
    public void snapshotSent(long id, boolean ok) {
        node.snapshotSent(id, ok);
    }
}
