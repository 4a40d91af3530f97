/**
 * The cluster's membership: members with their addresses, removed members, and the cluster's version.
 *
 * <p>Changed by the {@code apply} thread only, through Raft; read by anybody. Persistent in the member's database.
 */
@NullMarked
package io.quorate.membership;

import org.jspecify.annotations.NullMarked;
