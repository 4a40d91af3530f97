/**
 * Tests of the tests: faults that once were noticed by nothing are planted into the real code one by one, and the tests that
 * know them must fail. {@code bench/mutate} runs them, and beside them mutations that nobody thought of.
 */
@NullMarked
package io.quorate.mutation;

import org.jspecify.annotations.NullMarked;
