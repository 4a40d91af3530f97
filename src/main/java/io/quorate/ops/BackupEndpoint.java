package io.quorate.ops;

import io.quorate.backup.schedule.BackupProgress;
import io.quorate.backup.schedule.BackupProgress.Kind;
import io.quorate.backup.schedule.BackupProgress.Last;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/backup}: how far the backups have come, as the member that makes them sees it; a POST asks it for a full backup now. Only
 * there while backups are on.
 */
@WebEndpoint(id = "backup")
@RequiredArgsConstructor
public class BackupEndpoint {

    private static final int CONFLICT = 409;
    private static final int ACCEPTED = 202;
    private static final double MILLIS = 1e3;

    private final String to;
    private final BackupProgress progress;
    private final BooleanSupplier request;

    /**
     * The answer.
     *
     * @param active whether this member makes the backups; if not, ask the leader
     * @param running whether a full backup or a verification is under way
     * @param revision the newest that can be restored; 0 if none is known
     * @param lagSeconds for how long what is written cannot be restored
     * @param last how each kind of work ended last
     */
    public record Report(
            String to, boolean active, boolean running, long revision, double lagSeconds, Map<String, Outcome> last) {}

    /**
     * How something ended.
     *
     * @param success when it succeeded last
     * @param failure what was wrong since
     */
    public record Outcome(
            @Nullable String success, long bytes, @Nullable String failure) {

        static Outcome of(Last last) {
            return new Outcome(last.success() == null ? null : last.success().toString(), last.bytes(), last.failure());
        }
    }

    /** What became of a request. */
    public record Answer(String message) {}

    @ReadOperation
    public Report report() {
        Map<String, Outcome> last = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            last.put(kind.name().toLowerCase(Locale.ROOT), Outcome.of(progress.last(kind)));
        }
        return new Report(
                to,
                progress.isActive(),
                progress.isRunning(),
                progress.revision(),
                progress.lag().toMillis() / MILLIS,
                last);
    }

    /** Asks for a full backup: 202 if this member makes the backups, 409 if another one does. */
    @WriteOperation
    public WebEndpointResponse<Answer> start() {
        return request.getAsBoolean()
                ? new WebEndpointResponse<>(new Answer("a full backup begins soon"), ACCEPTED)
                : new WebEndpointResponse<>(new Answer("the leader makes the backups: ask it"), CONFLICT);
    }
}
