package io.quorate.ops;

import io.quorate.config.LiveSettings;
import io.quorate.config.RefusedChangeException;
import java.util.Locale;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/settings}: all settings with value, origin and whether they change at run time; and, only where
 * {@code management.endpoint.settings.access} is {@code unrestricted}, the change of one.
 */
@WebEndpoint(id = "settings", defaultAccess = Access.READ_ONLY)
@RequiredArgsConstructor
public class SettingsEndpoint {

    private final LiveSettings live;

    /** The answer to a change: what is in force now, or why nothing was changed. */
    public sealed interface Answer {}

    /** It was changed. */
    public record Changed(String name, String value) implements Answer {}

    /** Nothing was changed. */
    public record Refused(String reason, String message) implements Answer {}

    @ReadOperation
    public Map<String, LiveSettings.Setting> settings() {
        return live.all();
    }

    /** One of them; 404 if there is none of the name. */
    @ReadOperation
    public LiveSettings.@Nullable Setting setting(@Selector String name) {
        return live.all().get(name);
    }

    /**
     * Changes a setting: 409 for one that needs a restart, 400 for one that does not exist or cannot have this value. One
     * at a time, since an endpoint takes nothing but simple values.
     *
     * @param name the full name, such as {@code quorate.max-txn-ops}
     */
    @WriteOperation
    public WebEndpointResponse<Answer> change(@Selector String name, String value) {
        try {
            live.change(Map.of(name, value), "the actuator");
            return new WebEndpointResponse<>(new Changed(name, value), WebEndpointResponse.STATUS_OK);
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
