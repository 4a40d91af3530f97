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

    static Option required(String name, String value, String meaning) {
        return new Option(name, value, meaning, true);
    }

    static Option optional(String name, String value, String meaning) {
        return new Option(name, value, meaning, false);
    }

    String written() {
        return "--" + name + "=" + value;
    }
}
