/** How messages reach the other members. */
@NullMarked
package io.quorate.node.transport;

import org.jspecify.annotations.NullMarked;
