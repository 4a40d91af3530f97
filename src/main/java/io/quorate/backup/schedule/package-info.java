/**
 * Backups that the members make themselves. The leader does it: its thread {@code backup} appends segments to the store, and its thread
 * {@code backup-full} writes full backups, removes what is too old, and verifies. Nothing is kept on the member: a new leader looks at the
 * newest objects of the store and goes on from there. What fails is tried again; none of it ever stops the member or makes a write wait.
 */
@NullMarked
package io.quorate.backup.schedule;

import org.jspecify.annotations.NullMarked;
