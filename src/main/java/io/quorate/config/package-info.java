/**
 * The settings of a member: every {@code quorate.*} property, its default, its bounds and its meaning.
 *
 * <p>The names are etcd's flags in kebab case, so {@code --heartbeat-interval} there is
 * {@code quorate.heartbeat-interval} here. The records are bound at start, by their constructors, which check
 * what one setting or several together must obey; the wiring reads them and hands plain values to the core, which never
 * sees this package. What may change while the member runs is handed over as a supplier that asks
 * {@link io.quorate.config.LiveSettings}, which binds the same records again; {@link io.quorate.config.SettingsReload} does so
 * when a file changes, on a thread of its own. All other types are immutable. A name that no record knows stops the start
 * ({@link io.quorate.config.SettingNames}), so a typing error cannot leave a default in force unnoticed.
 */
@NullMarked
package io.quorate.config;

import org.jspecify.annotations.NullMarked;
