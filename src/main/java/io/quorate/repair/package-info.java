/**
 * What a member does about a state that is damaged or lost while its log is whole: it notes that, ends, and gets the state of the
 * leader at its next start, before consensus runs.
 */
@NullMarked
package io.quorate.repair;

import org.jspecify.annotations.NullMarked;
