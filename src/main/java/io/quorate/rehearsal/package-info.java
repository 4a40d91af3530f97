/**
 * Calls as clients make them, for the record of a start ({@code bin/quorate record}): what they run through in a member is then known
 * to its later starts. A client program: nothing of a member uses it. One thread.
 */
@NullMarked
package io.quorate.rehearsal;

import org.jspecify.annotations.NullMarked;
