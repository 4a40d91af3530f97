package io.quorate.embedded;

import io.quorate.wiring.HostedMember;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The program of a member that runs as a process. It takes orders, a line each, from its input, and answers each with a line; when
 * the input ends, so does it: no member outlives the program that started it.
 *
 * <p>Its log goes to the standard error, so that the standard output has nothing but answers.
 */
final class MemberProgram {

    /** The answer when clients are served. */
    static final String READY = "ready";

    /** The answer to a start that failed begins with it; the reason follows. */
    static final String FAILED = "failed ";

    /** Followed by nanoseconds; answered by {@link #DONE}. */
    static final String ADVANCE = "advance ";

    /** The answer when leases that have run out are revoked. */
    static final String DONE = "done";

    /** Ends the member in order. */
    static final String STOP = "stop";

    private MemberProgram() {}

    /** @param arguments settings, as name=value with full names */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        MovableClock clock = new MovableClock();
        try (HostedMember member = HostedMember.start(settings(arguments), clock)) {
            clock.follow(by -> member.expireLeases(Duration.ofMinutes(1)));
            answers.println(READY);
            obey(clock, answers);
        } catch (RuntimeException e) {
            answers.println(FAILED + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private static void obey(MovableClock clock, PrintStream answers) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null && !order.equals(STOP); order = orders.readLine()) {
            if (!order.startsWith(ADVANCE)) {
                throw new IllegalArgumentException("no such order: " + order);
            }
            clock.advance(Duration.ofNanos(Long.parseLong(order.substring(ADVANCE.length()))));
            answers.println(DONE);
        }
    }

    private static Map<String, String> settings(String[] arguments) {
        Map<String, String> settings = new TreeMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            settings.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return settings;
    }
}
