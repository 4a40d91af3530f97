package io.quorate.node.wal;

/**
 * What a process runs on. It can be cut in the middle of a step: between two operations of a disk, or at any other place that
 * says so.
 */
public final class Power {

    private long stepsLeft = Long.MAX_VALUE;
    private boolean cutsAtFlush;

    /** The power is gone: nothing that comes behind this happens. No code under test may catch it. */
    public static final class Cut extends Error {

        private static final long serialVersionUID = 1;

        Cut() {
            super("the power is gone");
        }
    }

    /** Lets so many more operations happen, and then none. */
    public void cutAfter(long operations) {
        stepsLeft = operations;
    }

    /** An operation begins. */
    public void step() {
        if (stepsLeft-- <= 0) {
            stepsLeft = 0;
            throw new Cut();
        }
    }

    /** Lets it go right before the next flush of the database. */
    public void cutAtFlush() {
        cutsAtFlush = true;
    }

    /**
     * The database begins to flush.
     *
     * @param meanwhile what goes on before the power goes, if it does
     */
    public void flushing(Runnable meanwhile) {
        if (cutsAtFlush) {
            meanwhile.run();
            cutAfter(0);
        }
        step();
    }
}
