package io.quorate.membership;

import io.quorate.base.Curable;

/** Most of the members that the settings name belong to another cluster, so that this one would never have a leader. */
public final class WrongClusterException extends RuntimeException implements Curable {

    private static final long serialVersionUID = 1L;

    public WrongClusterException(String reason) {
        super(reason, null, false, false);
    }

    @Override
    public String cure() {
        return "Correct initial-cluster and initial-cluster-token, or the data directory, and start again. Remove nothing: the"
                + " data belongs to the cluster of its first start.";
    }
}
