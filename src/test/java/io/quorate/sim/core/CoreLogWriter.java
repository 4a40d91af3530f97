package io.quorate.sim.core;

import io.quorate.raft.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The thread that writes the log: takes everything that waits, writes it, syncs it, reports it. Meanwhile more arrives.
 * A sync that fails ends the member, since nobody knows what is on the disk then.
 */
final class CoreLogWriter {

    private final CoreMember member;
    private final CoreDisk disk;
    private final CoreWorld world;
    private final Plant plant;
    private final List<Write> waiting = new ArrayList<>();
    private boolean busy;

    private record Write(Message append, CoreApplier.Packet packet) {}

    CoreLogWriter(CoreMember member, CoreDisk disk, CoreWorld world, Plant plant) {
        this.member = member;
        this.disk = disk;
        this.world = world;
        this.plant = plant;
    }

    void submit(Message append, CoreApplier.Packet packet) {
        packet.awaitWrite();
        Message late = append.toBuilder()
                .responses(append.responses().stream()
                        .filter(response -> !plant.leavesEarly(response))
                        .toList())
                .build();
        append.responses().stream()
                .filter(plant::leavesEarly)
                .forEach(early -> member.post(() -> member.respond(early)));
        waiting.add(new Write(late, packet));
        begin();
    }

    private void begin() {
        if (busy || waiting.isEmpty()) {
            return;
        }
        busy = true;
        // Waking up takes a moment, in which more may arrive, and a crash may come.
        member.process().after(world.random().nextLong(100), this::write);
    }

    private void write() {
        List<Write> batch = List.copyOf(waiting);
        waiting.clear();
        for (Write write : batch) {
            Message append = write.append();
            disk.write(append.snapshot(), append.entries(), plant.written(CoreDisk.hardStateOf(append)));
        }
        member.process().after(world.syncMicros(), () -> synced(batch));
    }

    private void synced(List<Write> batch) {
        if (world.syncFails()) {
            world.trace().note("%d: fsync fails", member.id());
            member.crash();
            return;
        }
        disk.sync();
        member.durable(batch.stream().map(Write::append).toList());
        batch.forEach(write -> write.packet().written());
        member.applier().proceed();
        busy = false;
        begin();
    }
}
