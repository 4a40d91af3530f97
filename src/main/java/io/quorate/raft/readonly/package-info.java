/** Read requests that wait for the leader's proof that it still leads (thesis, section 6.4). */
@NullMarked
package io.quorate.raft.readonly;

import org.jspecify.annotations.NullMarked;
