/**
 * Whether this cluster follows an etcd, and how far it has come: replicated state, changed by the {@code apply} thread and read by any.
 * It lies beside the data that it is about and is written with it, so it survives restarts and changes of leaders.
 */
@NullMarked
package io.quorate.following;

import org.jspecify.annotations.NullMarked;
