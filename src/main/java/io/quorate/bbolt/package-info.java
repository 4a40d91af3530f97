/**
 * The file format of bbolt, which etcd keeps its data in: read from a file, written as a stream. Knows pages and buckets, and nothing
 * of what etcd puts into them.
 *
 * <p>A file is a row of pages of one size. The first two are meta pages: copies of each other but for a transaction number; the valid one
 * with the higher number names the root. Each bucket is a B+ tree: leaf pages hold records, branch pages hold the first key of each
 * child. A page that needs more room runs on into the pages behind it, its overflow. The root is a bucket of buckets: its values are
 * headers, each with the root page of a bucket. A small bucket lies inside its header instead ("inline"). Numbers are little endian.
 */
@NullMarked
package io.quorate.bbolt;

import org.jspecify.annotations.NullMarked;
