/**
 * The write-ahead log, in etcd's file format: entries, hard states and notes of snapshots, made durable in batches.
 *
 * <h2>Files</h2>
 *
 * <p>A directory holds segments {@code <sequence>-<index>.wal}, both numbers in 16 hexadecimal digits: the sequence counts
 * from 0 without holes, and when the segment was begun the log ended right below the index. The newest is allocated in full
 * with zeros ahead of its use, under the name {@code <sequence>.tmp}; an older one ends where its records end. A frame is
 * a length of eight bytes (little-endian, the lower 56 bits), a {@code walpb.Record} and zeros up to a multiple of eight;
 * where there are {@code p > 0} of them the top byte of the length is {@code 0x80 | p}. A record carries a type, the
 * CRC-32C over the data of all records up to itself, continued across segments, and data. A segment begins with a checksum
 * record that holds the value so far, the metadata, and the hard state unless empty; the very first with the note of
 * snapshot 0.
 *
 * <p>Two uses of the checksum record are our own; etcd's readers accept one anywhere and do nothing but compare the
 * value. One <em>without</em> a data field begins every batch: it is only written after everything before it had been
 * synced, so finding it proves that. One <em>with an empty</em> data field is a filler and means nothing.
 *
 * <h2>Order of writing</h2>
 *
 * <p>Entries come before the hard state that may commit them, and a note of a snapshot before the state that builds on it,
 * so that every prefix of the log is one a member could have had. A batch is one write and one sync. When a segment is
 * full it is cut to its length and synced; then the head of the next is written and synced under the temporary name, and
 * only then renamed: a segment that has its name has a whole head, and all segments but the newest are durable.
 *
 * <h2>What is told apart when a log is opened</h2>
 *
 * <p>A disk writes sectors of 512 bytes whole or not at all, in any order, and what is not written yet is zero. So a write
 * torn by a crash leaves at least one sector in which all that belongs to the torn record is zero, and it can only be in
 * the last batch. From this follows, for the first place where no sound record is:
 *
 * <ul>
 *   <li>It is <b>cut</b>, and the rest zeroed, when a torn write explains it: the file ends inside the record, or the
 *       sector in which the record or its remainder should be is zero, and no later batch begins anywhere behind it.
 *   <li>Everything else is <b>refused</b> with a {@link io.quorate.node.wal.WalCorruptException}: a wrong checksum although
 *       every sector of the record was written; a wrong checksum that one flipped bit explains; a length field, tag, type
 *       or inner length that is none, in a sector that was written; any of it before a later batch, in the head of a
 *       segment, or in a segment that is not the newest; a missing segment; metadata that differs; sound records that
 *       cannot follow each other (an entry behind a gap, a term or commit index that goes back, a state that commits
 *       entries which are not there, a snapshot to start from that is not noted).
 * </ul>
 *
 * <p>Hence every flipped bit in synced records is noticed, and so is every lost sector except in the last batch. Not
 * noticed, since it looks as if it had never been written, is the loss of whole sectors of the last batch, of the end of
 * the file, or of the newest segment as a whole. Where a sector would hold only one set bit of a record, that bit flipped and
 * that sector unwritten would look the same; the writer moves such a record with fillers. What fillers cannot move, a
 * sector full of zeros but for one bit in the middle of a payload, is refused when torn. The type of a record is outside
 * of its checksum in this format; a damaged type is noticed since the fields do not fit or the numbers cannot follow. The
 * one exception takes member ids below 2^32, which etcd's random ids are not: a last hard state in term 2 may then pass
 * for a membership change without content. In a log that etcd wrote there are no batch marks, so there more damage near
 * the end passes for a torn write, as it does for etcd.
 *
 * <h2>Threads and failures</h2>
 *
 * <p>One thread owns a {@link io.quorate.node.wal.Wal}. Only the allocation of the next segment runs beside it, on a file
 * nobody else uses. A failed write or sync is a {@link io.quorate.base.Fault}: what the disk holds is unknown from then on,
 * and asking it again would not tell. All access to files goes through {@link io.quorate.node.wal.Disk}.
 */
@NullMarked
package io.quorate.node.wal;

import org.jspecify.annotations.NullMarked;
