/** Tests that see a member only from outside, as its users do: over the network, by signals and by its exit code. */
@NullMarked
package io.quorate.integration;

import org.jspecify.annotations.NullMarked;
