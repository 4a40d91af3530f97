/**
 * Compression by Zstandard (RFC 8878), as streams. The frames of a stream are followed byte by byte before the library sees them, so
 * that what is cut, foreign or would need much memory is refused with its offset. No threads of its own.
 */
@NullMarked
package io.quorate.zstd;

import org.jspecify.annotations.NullMarked;
