package io.quorate.ops;

import io.quorate.config.LiveSettings;
import io.quorate.config.RefusedChangeException;
import java.util.Locale;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/settings}: all settings with value, origin and whether they change at run time; and, only where
 * {@code management.endpoint.settings.access} is {@code unrestricted}, their change.
 */
@WebEndpoint(id = "settings", defaultAccess = Access.READ_ONLY)
@RequiredArgsConstructor
public class SettingsEndpoint {

    private final LiveSettings live;

    /** The answer to a change: what is in force now, or why nothing was changed. */
    public sealed interface Answer {}

    /** All was changed. */
    public record Changed(Map<String, String> changed) implements Answer {}

    /** Nothing was changed. */
    public record Refused(String reason, String message) implements Answer {}

    @ReadOperation
    public Map<String, LiveSettings.Setting> settings() {
        return live.all();
    }

    /**
     * Changes settings, all of them or none: 409 for one that needs a restart, 400 for one that does not exist or cannot
     * have this value.
     *
     * @param settings new values by full name
     */
    @WriteOperation
    public WebEndpointResponse<Answer> change(Map<String, String> settings) {
        try {
            live.change(settings, "the actuator");
            return new WebEndpointResponse<>(new Changed(settings), WebEndpointResponse.STATUS_OK);
        } catch (RefusedChangeException refused) {
            int status = switch (refused.reason()) {
                case NEEDS_RESTART -> 409;
                case UNKNOWN, BAD_VALUE -> WebEndpointResponse.STATUS_BAD_REQUEST;
            };
            String reason = refused.reason().name().toLowerCase(Locale.ROOT);
            return new WebEndpointResponse<>(new Refused(reason, String.valueOf(refused.getMessage())), status);
        }
    }
}
