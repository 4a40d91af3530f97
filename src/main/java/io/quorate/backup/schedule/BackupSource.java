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
 * @param leads whether this member leads for certain, and has applied all that earlier leaders wrote; may wait some seconds for the answer
 * @param revision the newest one
 * @param written bytes of keys and values since the start; only differences count
 * @param opinion what it says of its history
 */
public record BackupSource(
        long cluster,
        long member,
        Database database,
        BooleanSupplier leads,
        LongSupplier revision,
        LongSupplier written,
        ArchiveCheck.Opinion opinion) {}
