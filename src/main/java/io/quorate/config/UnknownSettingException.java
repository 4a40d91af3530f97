package io.quorate.config;

import java.util.Optional;

/** A property under {@code quorate.} that does not exist, most likely a typing error. */
public final class UnknownSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final String origin;

    @SuppressWarnings("serial") // never sent anywhere
    private final Optional<String> closest;

    UnknownSettingException(String property, String origin, Optional<String> closest) {
        super("There is no setting " + property + " (" + origin + ")");
        this.property = property;
        this.origin = origin;
        this.closest = closest;
    }

    public String property() {
        return property;
    }

    /** The file and line, or the kind of source, it was found in. */
    public String origin() {
        return origin;
    }

    /** The existing setting that was probably meant. */
    public Optional<String> closest() {
        return closest;
    }
}
