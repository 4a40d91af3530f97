/** Random requests of every kind that writes, through every entrance, against a real cluster. */
@NullMarked
package io.quorate.integration.fuzz;

import org.jspecify.annotations.NullMarked;
