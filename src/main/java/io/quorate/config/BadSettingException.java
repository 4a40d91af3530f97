package io.quorate.config;

/** A setting whose value cannot be used; the member does not start. The message names the setting and its value. */
public final class BadSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final String problem;

    /**
     * @param property full name, such as {@code quorate.election-timeout}
     * @param value what was configured
     * @param problem what is wrong with it, as the rest of a sentence that starts with the setting
     */
    public BadSettingException(String property, Object value, String problem) {
        super(property + " = " + value + ": " + problem);
        this.property = property;
        this.problem = problem;
    }

    public String property() {
        return property;
    }

    public String problem() {
        return problem;
    }

    static void check(boolean good, String property, Object value, String problem) {
        if (!good) {
            throw new BadSettingException(property, value, problem);
        }
    }
}
