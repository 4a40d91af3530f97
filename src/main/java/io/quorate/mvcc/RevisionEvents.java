package io.quorate.mvcc;

import io.quorate.proto.mvccpb.Event;
import java.util.List;

/**
 * All changes of one revision.
 *
 * @param revision the main revision
 * @param events the changes in the order they were made, without previous records
 */
public record RevisionEvents(long revision, List<Event> events) {}
