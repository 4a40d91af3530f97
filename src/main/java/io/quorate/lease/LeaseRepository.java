package io.quorate.lease;

import org.springframework.data.repository.CrudRepository;

/** The leases on disk. Written by the apply thread inside of the entry being applied, read when leases are restored. */
public interface LeaseRepository extends CrudRepository<LeaseRecord, Long> {}
