package io.quorate.conformance;

import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.Event.EventType;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of one watcher. How a past is cut into responses depends on the moment, so its events are compared without
 * that; of the present, each response belongs to one revision and is compared whole. What etcd promises about any cut is
 * checked here.
 */
final class WatchedEvents {

    /** The limit of a fragment with {@link LiveServer#SETTINGS}, and as much again for one large event. */
    private static final int FRAGMENT_BYTES_MAX = 2 * (65_536 + 512 * 1024);

    private final List<WatchResponse> responses = new ArrayList<>();

    void add(WatchResponse response) {
        responses.add(response);
    }

    /** The revision of the last event, 0 without any. */
    long lastRevision() {
        for (int i = responses.size() - 1; i >= 0; i--) {
            int count = responses.get(i).getEventsCount();
            if (count > 0) {
                return responses.get(i).getEvents(count - 1).getKv().getModRevision();
            }
        }
        return 0;
    }

    JsonNode tree(WatchCreateRequest request, Names names) {
        ArrayNode tree = JsonNodeFactory.instance.arrayNode();
        long last = 0;
        boolean continued = false;
        for (WatchResponse response : responses) {
            for (String broken : brokenPromises(response, request, last, continued)) {
                tree.add(broken);
            }
            if (request.getStartRevision() == 0 && !request.getFragment()) {
                ObjectNode whole = (ObjectNode) names.of(response);
                whole.remove("watch_id");
                tree.add(whole);
            } else {
                response.getEventsList().stream()
                        .filter(event -> !names.mayBeGone(
                                event.getType() == EventType.DELETE,
                                event.getKv().getModRevision()))
                        .forEach(event -> tree.add(names.of(event)));
            }
            last = Math.max(last, lastOf(response));
            continued = response.getFragment();
        }
        return tree;
    }

    private static long lastOf(WatchResponse response) {
        return response.getEventsList().stream()
                .mapToLong(event -> event.getKv().getModRevision())
                .max()
                .orElse(0);
    }

    private static List<String> brokenPromises(
            WatchResponse response, WatchCreateRequest request, long last, boolean continued) {
        List<String> broken = new ArrayList<>();
        if (response.getEventsCount() == 0 && !request.getProgressNotify()) {
            broken.add("a response without events");
        }
        if (response.getHeader().getRevision() < lastOf(response)) {
            broken.add("a header older than the events");
        }
        if (response.getFragment() && !request.getFragment()) {
            broken.add("a fragment nobody asked for");
        }
        if (request.getFragment() && response.getSerializedSize() > FRAGMENT_BYTES_MAX) {
            broken.add("a fragment of " + response.getSerializedSize() + " bytes");
        }
        long before = continued ? last : last + 1;
        for (Event event : response.getEventsList()) {
            if (event.getKv().getModRevision() < before) {
                broken.add("revision " + event.getKv().getModRevision() + " after " + last);
            }
            before = event.getKv().getModRevision();
        }
        return broken;
    }
}
