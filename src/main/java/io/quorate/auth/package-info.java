/**
 * Users, roles and their permissions (docs/etcd-v3.md, section 2.9).
 *
 * <p>{@link io.quorate.auth.AuthStore} is changed by the {@code apply} thread only, in the write of the entry that changes it,
 * and read by any thread through an immutable {@link io.quorate.auth.AuthRules}.
 */
@NullMarked
package io.quorate.auth;

import org.jspecify.annotations.NullMarked;
