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

    private static @Nullable TimeUnit unit(char letter) {
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
