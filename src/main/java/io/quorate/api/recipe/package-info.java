/**
 * etcd's Lock and Election services: recipes made of puts, leases and watches, which any client could follow by itself
 * (docs/etcd-v3.md, section 2.8).
 *
 * <p>Both are queues. A client puts a key below the name, attached to its lease; the key created first is the owner, and
 * everybody else waits for the one before it to go. Nothing here keeps state of its own: a lock is its key, and ends with
 * its lease.
 *
 * <p>Threads: a call is a chain of stages on whichever thread completes the one before; watches deliver on the read pool.
 * Nothing blocks. An error of an inner call arrives with its text but code UNKNOWN, as from etcd, where it has passed a
 * client.
 */
@NullMarked
package io.quorate.api.recipe;

import org.jspecify.annotations.NullMarked;
