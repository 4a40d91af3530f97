package io.quorate.tool;

/**
 * An option of a command.
 *
 * @param name without dashes
 * @param value what stands for its value in the help, such as {@code URL}
 * @param meaning a sentence without its full stop
 * @param required whether the command cannot do without
 */
record Option(String name, String value, String meaning, boolean required) {

    static final String ON_OFF_RULE =
            "What is on or off is written --name, --name=true or --name=false, and takes no value behind a space.";

    private static final String ON = "true";

    static Option required(String name, String value, String meaning) {
        return new Option(name, value, meaning, true);
    }

    static Option optional(String name, String value, String meaning) {
        return new Option(name, value, meaning, false);
    }

    /** One that is on or off, and on when it is named without a value. */
    static Option onOff(String name, String meaning) {
        return new Option(name, ON, meaning, false);
    }

    boolean isOnOff() {
        return value.equals(ON);
    }

    String written() {
        return "--" + name + "=" + value;
    }
}
