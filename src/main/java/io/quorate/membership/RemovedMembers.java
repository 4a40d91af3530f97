package io.quorate.membership;

import java.util.Set;

/** Ids that were members once and must never join again, in this member's database. */
public interface RemovedMembers {

    /** All of them. */
    Set<Long> load();

    /** Adds one, as part of the entry that is being applied. */
    void add(long id);
}
