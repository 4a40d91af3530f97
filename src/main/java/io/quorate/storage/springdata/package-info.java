/**
 * Spring Data repositories over the metadata families of the {@link io.quorate.storage.Database}, and what Spring Boot
 * needs to offer them: settings, beans, health, metrics.
 *
 * <p>Invariant: metadata changes only while an entry of the raft log is applied. A repository that writes does so into the
 * {@link io.quorate.storage.WriteSet} of the current {@link io.quorate.storage.ApplyScope}, so that its change, the records
 * of keys and the consistent index are one write; outside of a scope it throws. On the thread of the scope, reads see what
 * is pending; on every other thread they see what was written.
 */
@NullMarked
package io.quorate.storage.springdata;

import org.jspecify.annotations.NullMarked;
