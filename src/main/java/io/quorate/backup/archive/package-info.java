/**
 * The history of a cluster as objects of a store. Three kinds of objects, each written once and never changed:
 *
 * <ul>
 *   <li>a full backup has all history that the state has at one moment;
 *   <li>a segment has the revisions behind one point of the history up to another, so segments join like the files of a log;
 *   <li>a state has what has no history: leases, users, roles, alarms, members. Its name is its digest; full backups and segments refer to
 *       the state of their moment.
 * </ul>
 *
 * <p>A point of the history ({@code Point}) is a revision with a digest of its changes. A segment continues another object if it begins at
 * the very point where that ends, so objects of two leaders of the same history fit together, and those of another history never do. Names
 * say all of that ({@code ArchiveName}): a listing is enough to find a way from a full backup to a revision ({@code RestorePlan}).
 */
@NullMarked
package io.quorate.backup.archive;

import org.jspecify.annotations.NullMarked;
