/**
 * Spring wiring: beans by constructor, in the direction of a start, and the lifecycle that drives the run loop. The one
 * place that knows all packages; nobody depends on it.
 */
@NullMarked
package io.quorate.wiring;

import org.jspecify.annotations.NullMarked;
