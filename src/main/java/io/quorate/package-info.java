/** Quorate: a replicated key-value store that speaks etcd v3. The packages below follow the way of a request. */
@NullMarked
package io.quorate;

import org.jspecify.annotations.NullMarked;
