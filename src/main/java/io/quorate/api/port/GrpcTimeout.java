package io.quorate.api.port;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The field {@code grpc-timeout} of gRPC's protocol: at most eight digits and the letter of a unit. */
public final class GrpcTimeout {

    /** Something that is no timeout. */
    public static final long MALFORMED = -1;

    private static final int DIGITS_MAX = 8;

    private GrpcTimeout() {}

    /** How long a call may take, at least 1; 0 if nothing is said, {@link #MALFORMED} if what is said is no timeout. */
    public static long nanos(@Nullable CharSequence said) {
        if (said == null) {
            return 0;
        }
        int digits = said.length() - 1;
        if (digits < 1 || digits > DIGITS_MAX) {
            return MALFORMED;
        }
        long amount = 0;
        for (int i = 0; i < digits; i++) {
            char digit = said.charAt(i);
            if (digit < '0' || digit > '9') {
                return MALFORMED;
            }
            amount = amount * 10 + (digit - '0');
        }
        TimeUnit unit = unit(said.charAt(digits));
        return unit == null ? MALFORMED : Math.max(1, unit.toNanos(amount));
    }

    /** What is wrong with something that is no timeout, as etcd words it. */
    static String mistake(String said) {
        if (said.length() < 2) {
            return "transport: timeout string is too short: \"" + said + '"';
        }
        if (said.length() > DIGITS_MAX + 1) {
            return "transport: timeout string is too long: \"" + said + '"';
        }
        if (unit(said.charAt(said.length() - 1)) == null) {
            return "transport: timeout unit is not recognized: \"" + said + '"';
        }
        return "strconv.ParseUint: parsing \"" + said.substring(0, said.length() - 1) + "\": invalid syntax";
    }

    /** What a letter stands for; null if it is none of them. */
    public static @Nullable TimeUnit unit(char letter) {
        return switch (letter) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> null;
        };
    }
}
