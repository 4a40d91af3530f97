package io.quorate.sim.core;

import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RaftException;
import io.quorate.raft.RawNode;
import io.quorate.raft.RawNodeAccess;
import io.quorate.raft.Ready;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Status;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.sim.world.SimulatedProcess;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A member: the core and the thread that drives it, between the log writer and the apply thread. The counterpart of
 * {@code io.quorate.node.RaftNode}: inputs wait in an inbox, each round takes all of them and then does what the core
 * says.
 */
public final class CoreMember implements MemberView {

    private static final long ROUND_MICROS = 200;
    private static final long BLINK_MICROS = 200_000;

    private final RaftConfig config;
    private final CoreWorld world;
    private final Plant plant;
    private final SimulatedProcess process;
    private final CoreDisk disk = new CoreDisk();
    private final Deque<Runnable> inbox = new ArrayDeque<>();
    private final Map<Long, Consumer<Answer>> proposals = new HashMap<>();
    private final Map<Long, ReadUnderWay> reads = new HashMap<>();

    private RawNode node;
    private CoreStorage storage;
    private CoreLogWriter writer;
    private CoreApplier applier;
    private boolean roundPlanned;
    private long tickMicros;
    private @Nullable MessageType fatalType;

    private record ReadUnderWay(Command command, Consumer<Answer> listener, long index) {}

    CoreMember(RaftConfig config, StateMachine.State founding, CoreWorld world, Plant plant) {
        this.config = config;
        this.world = world;
        this.plant = plant;
        this.process = new SimulatedProcess(world.timeline());
        this.tickMicros = CoreWorld.TICK_MICROS;
        if (founding.index() > 0) {
            disk.save(world.archive().put(founding));
        }
        recover();
    }

    /** Builds everything that is in memory from what is on the disk. */
    private void recover() {
        LogImage image = disk.durable();
        applier = new CoreApplier(this, new StateMachine(world.archive().get(image.snapshot())), world, plant);
        storage = new CoreStorage(image, applier::snapshot);
        writer = new CoreLogWriter(this, disk, world, plant);
        node = new RawNode(config, storage);
        roundPlanned = false;
        // The phase of its ticks differs from that of other members.
        process.after(world.random().nextLong(tickMicros), this::ticked);
    }

    // ---- what others see

    @Override
    public long id() {
        return config.id();
    }

    @Override
    public Status status() {
        return node.status();
    }

    @Override
    public long term(long index) {
        return RawNodeAccess.term(node, index);
    }

    @Override
    public LogImage durable() {
        return disk.durable();
    }

    @Override
    public long digest() {
        return applier.state().digest();
    }

    /** The last index that the state machine has taken. */
    public long appliedIndex() {
        return applier.state().index();
    }

    public boolean isUp() {
        return process.isAlive();
    }

    SimulatedProcess process() {
        return process;
    }

    CoreApplier applier() {
        return applier;
    }

    /** Replaces the state machine without asking anybody, as only a broken member does. */
    public void overwriteState(Message snapshot) {
        if (snapshot.snapshot() != null && !snapshot.snapshot().isEmpty()) {
            applier.overwrite(snapshot.snapshot());
        }
    }

    /** Forgets its log behind an index and goes on as if that had never been there, as only a broken member does. */
    public void forgetLogBehind(long index) {
        disk.durable().truncateBehind(index);
        crash();
        restart();
    }

    // ---- time and troubles

    void setTickMicros(long micros) {
        tickMicros = micros;
    }

    private void ticked() {
        post(node::tick);
        process.after(tickMicros, this::ticked);
    }

    /** Dies right after it sends the next message of a kind, and comes back soon. */
    void crashAfterSending(MessageType type) {
        fatalType = type;
    }

    private void blink() {
        crash();
        world.timeline().after(world.random().nextLong(BLINK_MICROS), () -> {
            if (!isUp()) {
                restart();
            }
        });
    }

    void crash() {
        fatalType = null;
        world.trace().note("%d: crashes", id());
        process.kill();
        disk.crash(world.random());
        plant.crashed(disk.durable());
        inbox.clear();
        proposals.clear();
        reads.clear();
    }

    void restart() {
        process.start();
        recover();
        world.trace().note("%d: restarts, %s", id(), disk.durable().hardState());
        world.check(invariant -> invariant.restarted(this));
    }

    void takeSnapshot() {
        if (isUp() && applier.state().index() > disk.durable().snapshot().index()) {
            long index = applier.state().index();
            disk.save(applier.snapshot());
            world.trace().note("%d: takes a snapshot at %d", id(), index);
            post(() -> storage.compactTo(index - world.random().nextInt(5)));
        }
    }

    // ---- input

    /** A message from the network. */
    void receive(Message message) {
        post(() -> node.step(plant.received(this, message)));
    }

    void report(Message snapshot, boolean arrived) {
        post(() -> node.reportSnapshot(snapshot.to(), arrived));
    }

    void post(Consumer<RawNode> action) {
        post(() -> action.accept(node));
    }

    void propose(Proposed proposed, Consumer<Answer> listener, Runnable dropped) {
        post(() -> {
            try {
                proposals.put(proposed.id(), listener);
                node.propose(world.register().encode(proposed));
            } catch (RaftException _) {
                proposals.remove(proposed.id());
                dropped.run();
            }
        });
    }

    void read(long request, Command command, Consumer<Answer> listener) {
        post(() -> {
            reads.put(request, new ReadUnderWay(command, listener, Long.MAX_VALUE));
            world.check(invariant -> invariant.readRequested(this, request));
            if (plant.answersReadAlone(this)) {
                readAnswered(request, node.status().commit());
            } else {
                node.readIndex(ByteBuffer.allocate(Long.BYTES).putLong(request).array());
            }
        });
    }

    private void readAnswered(long request, long index) {
        world.check(invariant -> invariant.readAnswered(this, request, index));
        reads.computeIfPresent(
                request, (_, read) -> new ReadUnderWay(read.command(), read.listener(), Math.min(index, read.index())));
        stateChanged();
    }

    void confChangeApplied(long index, ConfChange change) {
        post(() -> node.applyConfChange(index, change));
    }

    void post(Runnable input) {
        inbox.add(input);
        if (!roundPlanned) {
            roundPlanned = true;
            process.after(world.random().nextLong(ROUND_MICROS), this::round);
        }
    }

    // ---- the loop

    private void round() {
        roundPlanned = false;
        List<Runnable> inputs = new ArrayList<>(inbox);
        inbox.clear();
        for (Runnable input : inputs) {
            step(input);
            if (!isUp()) {
                return;
            }
        }
        while (node.hasReady()) {
            handle(node.ready());
        }
    }

    private void step(Runnable input) {
        try {
            input.run();
        } catch (RaftException _) {
            // Refusing is one of the answers.
        }
        world.check(invariant -> invariant.stepped(this));
    }

    private void handle(Ready ready) {
        if (ready.softState() != null) {
            world.trace().note("%d: %s", id(), ready.softState());
        }
        for (ReadState read : ready.readStates()) {
            readAnswered(ByteBuffer.wrap(read.context()).getLong(), read.index());
        }
        world.check(invariant -> invariant.writing(this, ready.entries()));
        if (!config.asyncStorageWrites()) {
            handleInPlace(ready);
            return;
        }
        CoreApplier.Packet packet = new CoreApplier.Packet(ready.snapshot(), ready.committedEntries());
        for (Message message : ready.messages()) {
            if (message.to() == Message.APPEND_THREAD) {
                writer.submit(message, packet);
            } else if (message.to() == Message.APPLY_THREAD) {
                packet.setConfirmation(message);
            } else {
                send(message);
            }
        }
        applier.submit(packet);
    }

    /** The way without storage threads: everything is durable before anything is sent. */
    private void handleInPlace(Ready ready) {
        disk.write(ready.snapshot(), ready.entries(), plant.written(ready.hardState()));
        disk.sync();
        storage.store(ready.snapshot(), ready.entries(), ready.hardState());
        ready.messages().forEach(this::send);
        applier.applyInPlace(ready.snapshot(), ready.committedEntries(), node::applyConfChange);
        step(node::advance);
    }

    /** A write of the log is durable: the core may see it and whatever depended on it. */
    void durable(List<Message> written) {
        post(() -> {
            for (Message append : written) {
                storage.store(append.snapshot(), append.entries(), CoreDisk.hardStateOf(append));
                append.responses().forEach(this::respond);
            }
        });
    }

    /** An answer that waited for storage, to a peer or to the own core. */
    void respond(Message response) {
        if (response.to() == id()) {
            step(() -> node.step(response));
        } else {
            send(response);
        }
    }

    private void send(Message message) {
        Message real = plant.sent(this, message);
        world.check(invariant -> invariant.sending(this, real));
        world.network().send(real);
        if (message.type() == fatalType) {
            // Not here and now: a process dies between two instructions, but never in the middle of a simulated one.
            process.after(0, this::blink);
        }
    }

    // ---- answers to clients

    void applied(Proposed proposed, Answer answer) {
        Consumer<Answer> listener = proposals.remove(proposed.id());
        if (listener != null) {
            listener.accept(answer);
        }
    }

    /** Reads that waited for the state machine to get where they may read. */
    void stateChanged() {
        StateMachine.State state = applier.state();
        reads.values().removeIf(read -> {
            if (read.index() <= state.index()) {
                read.listener().accept(state.store().answer(read.command()));
                return true;
            }
            return false;
        });
    }
}
