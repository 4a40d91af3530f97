package io.quorate.lease;

import io.quorate.fixture.MapRepository;

/** Leases in a map. */
final class MapLeaseRepository extends MapRepository<LeaseRecord, Long> implements LeaseRepository {

    MapLeaseRepository() {
        super(LeaseRecord::id);
    }
}
