/** Small values that every layer shares: byte strings, key ranges, the clock, and what a fatal error is. Depends on nothing. */
@NullMarked
package io.quorate.base;

import org.jspecify.annotations.NullMarked;
