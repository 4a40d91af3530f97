/** Alarms of the members: out of space, corrupt. They hold cluster-wide until a client clears them. */
@NullMarked
package io.quorate.alarm;

import org.jspecify.annotations.NullMarked;
