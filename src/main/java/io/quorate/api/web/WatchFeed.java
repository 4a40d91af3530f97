package io.quorate.api.web;

import com.google.common.base.CaseFormat;
import io.grpc.Status;
import io.quorate.api.error.WireErrors;
import io.quorate.base.RequestError;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One watch as events. An id is the revision of a change, and stands only at the last of the changes of one revision: a client that goes on
 * behind it misses none and sees none twice.
 */
final class WatchFeed extends Feed<WatchRequest, WatchResponse> {

    private static final Pattern REFUSAL = Pattern.compile("rpc error: code = (\\w+) desc = (.*)", Pattern.DOTALL);

    private final WatchCreateRequest create;
    private @Nullable Event held;

    /** @param finished runs when it has ended */
    WatchFeed(Services services, RestRequest request, WatchCreateRequest create, Runnable finished) {
        super(
                services,
                request,
                WatchGrpc.getWatchMethod(),
                WatchRequest.newBuilder().setCreateRequest(create).build(),
                finished);
        this.create = create;
    }

    @Override
    void check(WatchResponse answer) {
        if (answer.getCanceled()) {
            throw Problem.of(refusal(answer.getCancelReason()));
        }
    }

    @Override
    void tell(WatchResponse answer) {
        if (answer.getCanceled()) {
            cancelled(answer);
        } else if (answer.getCreated()) {
            created(answer);
        } else {
            changed(answer);
        }
    }

    private void created(WatchResponse answer) {
        long start = create.getStartRevision();
        long before = start > 0 ? start - 1 : answer.getHeader().getRevision();
        send("ready", before, Map.of("revision", answer.getHeader().getRevision()));
    }

    private void changed(WatchResponse answer) {
        List<Event> events = answer.getEventsList();
        for (Event event : events) {
            Event before = held;
            if (before != null) {
                send(before, before.getKv().getModRevision() != event.getKv().getModRevision());
            }
            held = event;
        }
        Event last = held;
        if (last != null && !answer.getFragment()) {
            held = null;
            send(last, true);
        } else if (events.isEmpty()) {
            long revision = answer.getHeader().getRevision();
            send("progress", revision, Map.of("revision", revision));
        }
    }

    private void cancelled(WatchResponse answer) {
        long compacted = answer.getCompactRevision();
        Problem problem = compacted > 0 ? compacted(compacted) : Problem.of(refusal(answer.getCancelReason()));
        fail(problem);
    }

    /** What a client hears that wants what is compacted. */
    static Problem compacted(long revision) {
        return Problem.of(WireErrors.status(RequestError.COMPACTED)).with("compact_revision", revision);
    }

    private void send(Event event, boolean complete) {
        ChangeView change = ChangeView.of(event);
        send(change.type(), complete ? change.revision() : null, change);
    }

    /** What a watcher is refused with is the text of a status. */
    private static Status refusal(String reason) {
        Matcher refusal = REFUSAL.matcher(reason);
        if (refusal.matches()) {
            String code = CaseFormat.UPPER_CAMEL.to(CaseFormat.UPPER_UNDERSCORE, refusal.group(1));
            for (Status.Code known : Status.Code.values()) {
                if (known.name().equals(code)) {
                    return known.toStatus().withDescription(refusal.group(2));
                }
            }
        }
        return Status.INVALID_ARGUMENT.withDescription(reason);
    }
}
