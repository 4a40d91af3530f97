package io.quorate.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The console at {@code /console/} on the client port, a page that uses the REST API.
 *
 * @param enabled Whether there is the console. It needs the REST API; nothing of it is read before the first visit.
 * @param writable Whether the console offers changes also without a login. It is about the page only: the REST API is
 *     guarded by users.
 */
@ConfigurationProperties("quorate.console")
public record ConsoleSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean writable) {}
