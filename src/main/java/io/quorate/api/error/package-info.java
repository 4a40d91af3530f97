/** The one table from errors inside to codes and texts on the wire. */
@NullMarked
package io.quorate.api.error;

import org.jspecify.annotations.NullMarked;
