package io.quorate.base;

import io.quorate.base.Fault.Curable;

/**
 * The log of this member is not the one that it has made promises with: it is missing, ends too early, or is an old copy. The
 * member must not take part in its cluster with it.
 */
public final class LostLogException extends RuntimeException implements Curable {

    private static final long serialVersionUID = 1L;

    private final String cure;

    /**
     * @param reason what is wrong, with both sides of the contradiction
     * @param cure what an operator does about it
     */
    public LostLogException(String reason, String cure) {
        super(reason, null, false, false);
        this.cure = cure;
    }

    @Override
    public String cure() {
        return cure;
    }
}
