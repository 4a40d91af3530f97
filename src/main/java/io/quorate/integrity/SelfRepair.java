package io.quorate.integrity;

/** What this member does when its own state turns out to be wrong. */
@FunctionalInterface
public interface SelfRepair {

    /**
     * Begins to rebuild the state, if that is wanted and possible: it stops serving at once.
     *
     * @param reason for the log
     * @return false if somebody has to do something, so that the alarm is due
     */
    boolean begin(String reason);
}
