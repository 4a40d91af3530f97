package io.quorate.node.transport;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks members of a running cluster for its members, before this member knows its own id. Blocks; for the start only. */
public final class MembersCall {

    private static final long NO_ID = 0;

    private MembersCall() {}

    /**
     * What a member answered.
     *
     * @param clusterId of its cluster
     * @param members as its {@link PeerDirectory#members} gives them
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Answer(long clusterId, byte[] members) {}

    /**
     * Asks all of them; the first that knows its members counts. One that has begun a moment ago knows none.
     *
     * @param addresses where members may be
     * @param timeout for all of it
     * @throws TimeoutException if no member that knows its cluster answered
     */
    public static Answer ask(List<PeerAddress> addresses, PeerSettings options, Duration timeout)
            throws TimeoutException {
        try (PeerLoop loop = new PeerLoop()) {
            CompletableFuture<Answer> first = new CompletableFuture<>();
            PeerReach reach = PeerReach.ofAnybody(options.clock());
            for (PeerAddress address : addresses) {
                PeerIdentity nobody = new PeerIdentity(NO_ID, NO_ID, "");
                Dialer.Line line = new Dialer.Line(loop, nobody, PeerDirectory.of(address), options);
                Dialer.Side anybody = new Dialer.Side(NO_ID, Lane.MEMBERS, reach, new PeerCounters());
                new Dialer(line, anybody, nanos -> {}, new Asker(first)).open();
            }
            return first.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for the members of the cluster", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking for the members of the cluster failed", e);
        }
    }

    private record Asker(CompletableFuture<Answer> first) implements Dialer.User {

        @Override
        public void ready(Channel channel) {
            // the answer comes by itself
        }

        @Override
        public void frame(Frame frame) {
            try {
                long clusterId = frame.body().readLong();
                byte[] members = MessageCodec.readBytes(frame.body());
                if (members.length > 0) {
                    first.complete(new Answer(clusterId, members));
                }
            } finally {
                frame.body().release();
            }
        }

        @Override
        public void lost() {
            // after the answer, or the dialer tries again
        }
    }
}
