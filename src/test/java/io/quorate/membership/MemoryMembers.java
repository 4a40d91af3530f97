package io.quorate.membership;

import io.quorate.fixture.MapRepository;
import io.quorate.membership.Membership.RemovedMembers;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a member stores about its cluster, in memory. */
public final class MemoryMembers {

    final Stored stored = new Stored();
    final Removed removed = new Removed();
    private final Versions versions = new Versions();

    static final class Stored extends MapRepository<Member, Long> implements MemberRepository {
        Stored() {
            super(Member::id);
        }
    }

    static final class Removed implements RemovedMembers {
        private final Set<Long> ids = new HashSet<>();

        @Override
        public Set<Long> load() {
            return ids;
        }

        @Override
        public void add(long id) {
            ids.add(id);
        }
    }

    private static final class Versions implements Membership.ClusterVersionStore {
        private @Nullable String version;
        private @Nullable String target;

        @Override
        public @Nullable String load() {
            return version;
        }

        @Override
        public void save(String agreed) {
            version = agreed;
        }

        @Override
        public @Nullable String loadTarget() {
            return target;
        }

        @Override
        public void saveTarget(@Nullable String wanted) {
            target = wanted;
        }
    }

    /** Stores a member behind the back of who has opened this, as an installed snapshot does. */
    public void store(Member member) {
        stored.save(member);
    }

    /** What member 1 knows by that. */
    public Membership open() {
        return new Membership(7, 1, stored, versions, removed);
    }
}
