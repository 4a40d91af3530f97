/** Backups of running members, and what is made of them. */
@NullMarked
package io.quorate.integration.backup;

import org.jspecify.annotations.NullMarked;
