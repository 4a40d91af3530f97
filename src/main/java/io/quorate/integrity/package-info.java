/**
 * Whether the members of a cluster hold the same history. They never should differ; a faulty disk, memory or program can make
 * them. The leader compares hashes periodically, of the newest revision and of compactions (docs/etcd-v3.md, section 2.10), and a
 * member its own at the start. A majority that agrees is right; a member that differs rebuilds its state where the settings
 * allow it, else the CORRUPT alarm is raised for it.
 *
 * <p>Hashes are computed by one thread, since they take time, and compared as answers arrive.
 */
@NullMarked
package io.quorate.integrity;

import org.jspecify.annotations.NullMarked;
