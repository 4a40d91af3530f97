/**
 * A start as etcd's is written: its flags, its {@code ETCD_*} variables and its configuration file, turned into
 * properties of Spring before there is a context.
 *
 * <p>{@link io.quorate.config.etcd.CommandLine} reads a start; {@link io.quorate.config.etcd.EtcdFlags} is the table of
 * every flag with what it does here: it sets properties, it is ignored with a line in the log, or it is refused because
 * to ignore it would be unsafe. An argument whose name has a dot, such as {@code --quorate.name=m1} or
 * {@code --spring.profiles.active=prod}, is Spring's and passes through unchanged; it wins over what a flag sets. All
 * types are immutable and used once, by the main thread.
 */
@NullMarked
package io.quorate.config.etcd;

import org.jspecify.annotations.NullMarked;
