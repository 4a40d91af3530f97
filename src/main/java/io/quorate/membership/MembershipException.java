package io.quorate.membership;

import io.quorate.base.Fault.Curable;

/** A reason why this member takes no part in its cluster; the message says which. */
public abstract sealed class MembershipException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MembershipException(String message, boolean stackTrace) {
        super(message, null, stackTrace, stackTrace);
    }

    /** The member cannot join the cluster that its settings name; the message says why. */
    public static final class CannotJoinException extends MembershipException {

        private static final long serialVersionUID = 1L;

        public CannotJoinException(String reason) {
            super(reason, true);
        }
    }

    /** This member was removed from its cluster and must not run any more. */
    public static final class MemberRemovedException extends MembershipException implements Curable {

        private static final long serialVersionUID = 1L;

        public MemberRemovedException(long id) {
            super("member " + Long.toHexString(id) + " was removed from its cluster", false);
        }

        @Override
        public String cure() {
            return "Its data directory must be removed before this machine can join again: empty quorate.data-dir, add the member"
                    + " anew (etcdctl member add), and start it with quorate.initial-cluster-state=existing.";
        }
    }

    /** Most of the members that the settings name belong to another cluster, so that this one would never have a leader. */
    public static final class WrongClusterException extends MembershipException implements Curable {

        private static final long serialVersionUID = 1L;

        public WrongClusterException(String reason) {
            super(reason, false);
        }

        @Override
        public String cure() {
            return "Correct initial-cluster and initial-cluster-token, or the data directory, and start again. Remove nothing: the"
                    + " data belongs to the cluster of its first start.";
        }
    }
}
