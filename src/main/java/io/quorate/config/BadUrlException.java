package io.quorate.config;

/** Text that is not the URL of a member or of one of its listeners. */
public final class BadUrlException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String url;
    private final String problem;

    public BadUrlException(String url, String problem) {
        super("'" + url + "' is not a usable URL: " + problem);
        this.url = url;
        this.problem = problem;
    }

    public String url() {
        return url;
    }

    public String problem() {
        return problem;
    }
}
