package io.quorate.raft;

import java.util.List;

/**
 * A member's view of the cluster at one moment.
 *
 * @param id this member
 * @param term the latest term seen
 * @param vote the candidate that got this member's vote in it; 0 for none
 * @param commit highest index known to be committed
 * @param applied highest index confirmed as applied
 * @param lastIndex the end of the log
 * @param role this member's role
 * @param leader the current leader; 0 when none is known
 * @param leadTransferee the target of a leadership transfer that is under way; 0 for none
 * @param confState the active configuration
 * @param progress every member's, ascending; only on a leader
 */
public record Status(
        long id,
        long term,
        long vote,
        long commit,
        long applied,
        long lastIndex,
        Role role,
        long leader,
        long leadTransferee,
        ConfState confState,
        List<PeerStatus> progress) {}
