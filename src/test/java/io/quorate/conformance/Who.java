package io.quorate.conformance;

/**
 * In whose name a step of a program is done. Nobody, or somebody with a token that no server gave, or with the one of the last
 * login of a user.
 *
 * @param text the token that no server gave, or the name of the user; empty for nobody
 */
record Who(Kind kind, String text) {

    /** How somebody is known. */
    enum Kind {
        NOBODY,
        MADE_UP,
        LOGGED_IN
    }

    static final Who NOBODY = new Who(Kind.NOBODY, "");

    static Who madeUp(String token) {
        return new Who(Kind.MADE_UP, token);
    }

    /** Who has not logged in in this program is nobody. */
    static Who loggedIn(String user) {
        return new Who(Kind.LOGGED_IN, user);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NOBODY -> "nobody";
            case MADE_UP -> "token " + text;
            case LOGGED_IN -> text;
        };
    }
}
