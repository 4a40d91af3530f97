package io.quorate;

import java.lang.reflect.InvocationTargetException;
import java.util.Objects;

/**
 * The class that the jar starts with. It is compiled for an older Java than the rest, so that {@code java -jar} on one says in
 * a line what is needed, instead of the trace of a class that cannot be loaded.
 */
public final class Launcher {

    private static final int NEEDED = 25;

    private Launcher() {}

    /** Starts the program, or ends with 1 if this Java is too old for it, or the libraries that it needs are not there. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        String problem = problem(Runtime.version().feature());
        if (!problem.isEmpty()) {
            System.err.println(problem + " (" + System.getProperty("java.home") + ")");
            System.exit(1);
        }
        try {
            Class.forName("io.quorate.QuorateApplication")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (NoClassDefFoundError missing) {
            System.err.println(
                    "this jar is the library, without what it needs; the program is the jar with -exec in its name");
            System.exit(1);
        } catch (InvocationTargetException thrown) {
            throw Launcher.<RuntimeException>asIs(Objects.requireNonNull(thrown.getCause(), "what main has thrown"));
        }
    }

    /** What is wrong with a Java of this version; empty if nothing is. */
    static String problem(int feature) {
        return feature >= NEEDED ? "" : "Quorate needs Java " + NEEDED + " or newer; this is Java " + feature;
    }

    /** What main has thrown is thrown on, declared or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T asIs(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
