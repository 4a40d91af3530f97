/**
 * Work on the whole store that operators ask for: hashing it, rewriting it. Takes long, reads a fixed view or leaves the
 * work to the database, and never holds up reads and writes. Threads: one of its own, one job after another.
 */
@NullMarked
package io.quorate.maintenance;

import org.jspecify.annotations.NullMarked;
