package io.quorate.sim.member;

import io.quorate.node.transport.SnapshotSink;
import io.quorate.node.transport.StateCourier;
import io.quorate.node.wal.Power;
import io.quorate.raft.Message;
import io.quorate.server.SnapshotSender;
import io.quorate.sim.world.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** States on their way to other members: the announcement travels as a message; when it is there, the files come in frames. */
final class Shipping implements SnapshotSender.Shipper {

    private final Network network;
    private final Mishaps mishaps;
    private final Map<Message, Cargo> underWay = new IdentityHashMap<>();

    private record Cargo(Path files, CompletableFuture<Void> done) {}

    Shipping(Network network, Mishaps mishaps) {
        this.network = network;
        this.mishaps = mishaps;
    }

    @Override
    public CompletionStage<Void> ship(Message announcement, Path files) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        underWay.put(announcement, new Cargo(files, done));
        network.send(announcement);
        return done;
    }

    /**
     * A state is there, or is not going to be.
     *
     * @param receiver null if it got lost, or nobody is up to receive it
     * @return whether it was received
     */
    boolean arrived(Message announcement, @Nullable SnapshotSink receiver) {
        Cargo cargo = underWay.remove(announcement);
        if (cargo == null) {
            return false; // a stream of files does not come twice
        }
        try {
            if (receiver == null || Files.notExists(cargo.files())) {
                throw new IOException("the connection broke");
            }
            if (!StateCourier.bring(announcement, cargo.files(), receiver, mishaps.damagesState())) {
                throw new IOException("the receiver did not take it");
            }
            cargo.done().complete(null);
            return true;
        } catch (IOException failed) {
            cargo.done().completeExceptionally(failed);
            return false;
        } catch (Power.Cut cut) {
            cargo.done().completeExceptionally(cut); // the sender sees a connection that ends
            throw cut;
        }
    }
}
