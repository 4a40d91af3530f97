package io.quorate.wiring;

/** The order in which running parts are started; they stop in the opposite order. */
final class Phases {

    /** The peer port: before consensus needs it, and after. */
    static final int PEERS = 1000;

    /** The comparison with other members that the settings may ask for. */
    static final int START_CHECK = 2000;

    /** Raft, run loop, apply, leases, watches: before any web server or the client port, and after them. */
    static final int RUN_LOOP = 3000;

    /** Backups: they need the run loop. */
    static final int BACKUPS = 3500;

    /** Being known to the cluster: after the port for operators, before the client port opens, last of all. */
    static final int PUBLICATION = Integer.MAX_VALUE - 1;

    private Phases() {}
}
