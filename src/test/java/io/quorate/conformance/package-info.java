/**
 * Compares a member with a real etcd: programs of requests are made from seeds, run against both, and every field of every
 * answer must be the same.
 *
 * <p>What must differ between two servers is named before it is compared ({@link io.quorate.conformance.Names}): ids of
 * cluster, member and leases that a server chose, what is left of a lease's time, and revisions, which count from the one
 * at which a program begins; that one itself must be equal too. The etcd is the release that {@code .ci/etcd} builds; {@link io.quorate.conformance.Excuses} is
 * a table of where a member is meant to answer otherwise, nothing else is forgiven. Where it was not built, its recorded
 * answers stand in
 * ({@link io.quorate.conformance.GoldenSet}).
 *
 * <p>A program runs on one thread for each server; nothing here is shared between the two.
 */
@NullMarked
package io.quorate.conformance;

import org.jspecify.annotations.NullMarked;
