package io.quorate.integration.fault;

import io.quorate.fixture.Place;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster, each member of which has a network namespace, a disk and a wall clock of its own. Used by one thread. */
final class Testbed implements AutoCloseable {

    /** The log takes two segments of 64 MiB from the beginning. */
    private static final String DISK_SIZE = "400m";

    private final Namespaces network;
    private final List<ConfinedDisk> disks = new ArrayList<>();
    private final List<WallClock> clocks = new ArrayList<>();
    private final TestCluster cluster;

    /**
     * @param size how many members
     * @param settings of each
     */
    Testbed(int size, Map<String, String> settings) {
        ConfinedDisk.removeLeftovers();
        network = new Namespaces(size);
        try {
            List<Place> places = new ArrayList<>();
            for (int number = 0; number < size; number++) {
                places.add(place(number));
            }
            cluster = new TestCluster(places, settings);
        } catch (RuntimeException failed) {
            disks.forEach(ConfinedDisk::close);
            network.close();
            throw failed;
        }
    }

    private Place place(int number) {
        ConfinedDisk disk = new ConfinedDisk(number, DISK_SIZE);
        disks.add(disk);
        WallClock clock = new WallClock(disk.directory());
        clocks.add(clock);
        List<String> command = new ArrayList<>(network.enter(number));
        command.addAll(clock.enter());
        return new Place(network.address(number), command, disk.directory());
    }

    /** Why there can be none here; empty if there can. */
    static Optional<String> obstacle() {
        return Namespaces.obstacle().or(ConfinedDisk::obstacle);
    }

    TestCluster cluster() {
        return cluster;
    }

    List<TestMember> members() {
        return cluster.members();
    }

    Namespaces network() {
        return network;
    }

    /** Packets from one member no longer arrive at another. */
    void drop(TestMember from, TestMember to) {
        network.drop(number(from), number(to));
    }

    ConfinedDisk disk(TestMember member) {
        return disks.get(number(member));
    }

    WallClock clock(TestMember member) {
        return clocks.get(number(member));
    }

    private int number(TestMember member) {
        return members().indexOf(member);
    }

    /** All members but one. */
    List<TestMember> others(TestMember member) {
        return members().stream().filter(other -> other != member).toList();
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } finally {
            try {
                disks.forEach(ConfinedDisk::close);
            } finally {
                network.close();
            }
        }
    }
}
