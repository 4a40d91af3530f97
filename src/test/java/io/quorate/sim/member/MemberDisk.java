package io.quorate.sim.member;

import io.quorate.alarm.Alarm;
import io.quorate.alarm.AlarmRepository;
import io.quorate.fixture.MapRepository;
import io.quorate.lease.LeaseRecord;
import io.quorate.lease.LeaseRepository;
import io.quorate.membership.Member;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.Membership;
import io.quorate.node.wal.MemoryDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a member's process: log and snapshot files on a disk that loses what was not synced, the database's
 * directory, and the metadata. In production the metadata is in the database and shares its fate; here it is in maps, of
 * which a crash leaves what they were at the last flush.
 */
final class MemberDisk {

    private final Path databaseDirectory;
    private MemoryDisk files = new MemoryDisk();
    private Metadata metadata = new Metadata(List.of(), List.of(), null);
    private Members members = new Members();
    private Leases leases = new Leases();
    private Version version = new Version();

    private record Metadata(
            List<Member> members,
            List<LeaseRecord> leases,
            @Nullable String version) {}

    static final class Members extends MapRepository<Member, Long> implements MemberRepository {
        Members() {
            super(Member::id);
        }
    }

    static final class Leases extends MapRepository<LeaseRecord, Long> implements LeaseRepository {
        Leases() {
            super(LeaseRecord::id);
        }
    }

    static final class NoAlarms extends MapRepository<Alarm, Alarm.AlarmId> implements AlarmRepository {
        NoAlarms() {
            super(Alarm::id);
        }
    }

    static final class Version implements Membership.ClusterVersionStore {
        private @Nullable String version;

        @Override
        public @Nullable String load() {
            return version;
        }

        @Override
        public void save(String next) {
            version = next;
        }
    }

    MemberDisk(Path databaseDirectory) {
        this.databaseDirectory = databaseDirectory;
    }

    Path databaseDirectory() {
        return databaseDirectory;
    }

    MemoryDisk files() {
        return files;
    }

    Members members() {
        return members;
    }

    Leases leases() {
        return leases;
    }

    Version version() {
        return version;
    }

    /** The database is flushed, and with it the metadata. */
    void flushed() {
        metadata = new Metadata(members.findAll(), leases.findAll(), version.load());
    }

    /** The power went: unsynced sectors are there or not, and the metadata is as of the last flush. */
    void crash(RandomGenerator random) {
        files = files.crash(random);
        members = new Members();
        members.saveAll(metadata.members());
        leases = new Leases();
        leases.saveAll(metadata.leases());
        version = new Version();
        version.version = metadata.version();
    }
}
