package io.quorate.mvcc;

import java.util.List;

/**
 * A run of whole revisions.
 *
 * @param revisions in ascending order; revisions that changed nothing do not exist
 * @param next the first revision that the page does not cover; one above the last asked for, or above the newest published
 *     one, when the page is complete
 */
public record HistoryPage(List<RevisionEvents> revisions, long next) {}
