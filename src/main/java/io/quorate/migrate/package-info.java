/**
 * From the directory of a stopped etcd to that of a member: its state, and what its log has that its state has not (docs/etcd-v3.md,
 * section 2.12).
 */
@NullMarked
package io.quorate.migrate;

import org.jspecify.annotations.NullMarked;
