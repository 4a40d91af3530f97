package io.quorate.backup.archive;

/**
 * How objects are written.
 *
 * @param compressed by gzip
 * @param layout of the records: that of the database they come from
 * @param member that writes
 */
public record Writing(Seal seal, boolean compressed, int layout, long member) {}
