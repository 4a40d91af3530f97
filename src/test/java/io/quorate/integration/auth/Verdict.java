package io.quorate.integration.auth;

import org.jspecify.annotations.Nullable;

/** What a call came to, as far as its caller is concerned. */
enum Verdict {
    /** Whatever comes of it then. */
    PERMITTED('y'),
    NO_USER('e', "user name is empty"),
    BAD_TOKEN('t', "invalid auth token"),
    DENIED('d', "permission denied");

    private final char letter;
    private final @Nullable String text;

    Verdict(char letter) {
        this(letter, null);
    }

    Verdict(char letter, @Nullable String text) {
        this.letter = letter;
        this.text = text;
    }

    static Verdict of(char letter) {
        for (Verdict verdict : values()) {
            if (verdict.letter == letter) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("no verdict: " + letter);
    }

    /** The one that an error tells; permitted for any other error. */
    static Verdict ofError(@Nullable String description) {
        for (Verdict verdict : values()) {
            if (verdict.text != null && description != null && description.contains("etcdserver: " + verdict.text)) {
                return verdict;
            }
        }
        return PERMITTED;
    }
}
