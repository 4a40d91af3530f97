package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The REST API under {@code /api/} on the client port.
 *
 * @param enabled Whether there is the REST API. Nothing of it exists in a member until the first request.
 * @param requests Requests of the REST API at the same time, streams of events among them; more are answered with 503.
 * @param streams How many of these may be streams of events.
 */
@ConfigurationProperties("quorate.rest")
public record RestSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("512") int requests,
        @DefaultValue("256") int streams) {

    private static final int MOST = 65_536;

    public RestSettings {
        check(requests > 0 && requests <= MOST, "quorate.rest.requests", requests, "must be between 1 and " + MOST);
        check(
                streams >= 0 && streams <= requests,
                "quorate.rest.streams",
                streams,
                "must be between 0 and quorate.rest.requests");
    }
}
