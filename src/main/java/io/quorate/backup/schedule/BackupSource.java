package io.quorate.backup.schedule;

import io.quorate.backup.archive.ArchiveCheck;
import io.quorate.storage.Database;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The member whose state is backed up.
 *
 * @param cluster its id
 * @param member its id
 * @param seemsToLead whether this member leads as far as it knows, has applied all that earlier leaders wrote, and its state is whole. Cheap
 * @param leads whether it leads for certain; asks the others and may wait some seconds for the answer
 * @param applied the newest index of the log that the state has; while it stays, nothing changes
 * @param revision the newest one
 * @param written bytes of keys and values since the start; only differences count
 * @param opinion what it says of its history
 */
public record BackupSource(
        long cluster,
        long member,
        Database database,
        BooleanSupplier seemsToLead,
        BooleanSupplier leads,
        LongSupplier applied,
        LongSupplier revision,
        LongSupplier written,
        ArchiveCheck.Opinion opinion) {}
