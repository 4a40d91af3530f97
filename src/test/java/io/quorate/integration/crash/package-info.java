/**
 * What a member keeps when it is killed: clients write and note every acknowledgement, the process gets SIGKILL at a
 * random moment, starts again, and its whole history is compared with the notes.
 *
 * <p>An attempt without an answer may have happened or not; what the first look after the restart shows about it must
 * never change again.
 */
@NullMarked
package io.quorate.integration.crash;

import org.jspecify.annotations.NullMarked;
