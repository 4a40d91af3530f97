/** The write-ahead log. */
@NullMarked
package io.quorate.node.wal;

import org.jspecify.annotations.NullMarked;
