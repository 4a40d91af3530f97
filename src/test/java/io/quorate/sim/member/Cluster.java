package io.quorate.sim.member;

import static io.quorate.fixture.Expected.present;

import io.quorate.node.wal.Power;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.sim.world.Brief;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes of a cluster: of members that founded it, that joined it, and that have left it. */
final class Cluster {

    /** Of messages that get lost, how many the sender hears of: one out of so many. */
    private static final int REPORTED_LOSSES = 10;

    private final Path directory;
    private final List<SimulatedMember> members = new ArrayList<>();
    private int statesReceived;

    Cluster(Path directory) {
        this.directory = directory;
    }

    void found(SimulatedMember.World world, int size) {
        List<Long> founders = LongStream.rangeClosed(1, size).boxed().toList();
        founders.forEach(id -> members.add(new SimulatedMember(id, founders, directory, world)));
    }

    /** A member that was added begins with nothing but the address of the others. */
    void join(SimulatedMember.World world, long id) {
        members.add(new SimulatedMember(id, List.of(), directory, world));
    }

    /** All that ever were. */
    List<SimulatedMember> all() {
        return members;
    }

    List<Long> ids() {
        return members.stream().map(SimulatedMember::id).toList();
    }

    Optional<SimulatedMember> member(long id) {
        return members.stream().filter(member -> member.id() == id).findFirst();
    }

    /** What runs in the processes that are up. */
    Stream<MemberParts> up() {
        return members.stream().map(SimulatedMember::parts).filter(Objects::nonNull);
    }

    /** States that members got from others, because the log did not go back so far. */
    int statesReceived() {
        return statesReceived;
    }

    /** Who belongs to it, as the one says that has applied most. */
    List<SimulatedMember> current() {
        return up().max(Comparator.comparingLong(parts -> parts.progress.appliedIndex())).stream()
                .flatMap(parts -> parts.state.membership().members().stream())
                .flatMap(known -> member(known.id()).stream())
                .toList();
    }

    /** The power of the receiver may go while it writes. */
    private static boolean ship(
            SimulatedMember sender,
            @Nullable SimulatedMember receiver,
            Message announcement,
            @Nullable MemberParts running) {
        try {
            return sender.shipping().arrived(announcement, running == null ? null : running.snapshotArrivals);
        } catch (Power.Cut cut) {
            Objects.requireNonNull(receiver).crash();
            return false;
        }
    }

    void arrived(SimulatedMember.World world, Message message, boolean whole) {
        SimulatedMember sender = member(message.from()).orElseThrow();
        SimulatedMember receiver = member(message.to()).orElse(null); // it may be added and not started
        MemberParts running = whole && receiver != null ? receiver.parts() : null;
        if (running != null && running.state.membership().isRemoved(sender.id())) {
            sender.depart();
            return;
        }
        if (message.type() == MessageType.BEAT) {
            return; // who hears it has answered by not refusing
        }
        if (message.type() == MessageType.SNAP) {
            boolean received = ship(sender, receiver, message, running);
            statesReceived += received ? 1 : 0;
            world.trace().note("%s %s", new Brief(message), received ? "" : "breaks off");
        } else if (running != null) {
            world.trace().note("%s", new Brief(message));
            present(receiver).receive(message);
        } else if (world.random().nextInt(REPORTED_LOSSES) == 0) {
            sender.unreachable(message.to());
        }
    }
}
