package io.quorate.membership;

import io.quorate.base.Curable;

/** This member was removed from its cluster and must not run any more. */
public final class MemberRemovedException extends RuntimeException implements Curable {

    private static final long serialVersionUID = 1L;

    public MemberRemovedException(long id) {
        super("member " + Long.toHexString(id) + " was removed from its cluster", null, false, false);
    }

    @Override
    public String cure() {
        return "Its data directory must be removed before this machine can join again: empty quorate.data-dir, add the member"
                + " anew (etcdctl member add), and start it with quorate.initial-cluster-state=existing.";
    }
}
