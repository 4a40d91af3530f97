package io.quorate.config;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The check of the port for operators, which belongs to Spring: it finds a bad number only when it listens, and says less. */
final class OperatorsPort {

    private static final String PORT = "management.server.port";
    private static final int PORT_MAX = 65_535;

    private OperatorsPort() {}

    /** @throws BadSettingException if the number is no port; a negative one means that there is none */
    static void check(Environment environment) {
        try {
            int port = Binder.get(environment).bind(PORT, Integer.class).orElse(0);
            BadSettingException.check(
                    port <= PORT_MAX, PORT, port, "must be at most " + PORT_MAX + ", or -1 for no such port");
        } catch (BindException unreadable) {
            throw UnreadableValue.in(unreadable).orElseThrow(() -> unreadable);
        }
    }
}
