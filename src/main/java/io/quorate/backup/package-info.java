/**
 * The state of a member as a file of etcd, and back: what lies in which bucket, and how etcd encodes it (docs/etcd-v3.md, section 2.11).
 * The pages of the file are the business of {@code bbolt}.
 */
@NullMarked
package io.quorate.backup;

import org.jspecify.annotations.NullMarked;
