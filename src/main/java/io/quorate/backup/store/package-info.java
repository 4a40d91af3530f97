/**
 * Where backups are kept: objects with names, in a directory or in a bucket. An object appears whole and durable under its name or not at
 * all. What is in the objects is the business of {@code backup.archive}. Calls block; they are made by the threads of backups and by tools,
 * never by a thread that serves.
 */
@NullMarked
package io.quorate.backup.store;

import org.jspecify.annotations.NullMarked;
