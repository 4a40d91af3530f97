package io.quorate.base;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the constants of an enumeration by their numbers. */
public final class Numbering<E extends Enum<E> & Numbered> {

    /** By number; null where there is none. */
    private final @Nullable E[] constants;

    private Numbering(@Nullable E[] constants) {
        this.constants = constants;
    }

    /** Knows all constants of a type. */
    public static <E extends Enum<E> & Numbered> Numbering<E> of(Class<E> type) {
        E[] all = type.getEnumConstants();
        int most = Arrays.stream(all).mapToInt(Numbered::number).max().orElse(-1);
        @Nullable E[] constants = Arrays.copyOf(all, most + 1);
        Arrays.fill(constants, null);
        for (E constant : all) {
            Fault.check(constants[constant.number()] == null, "%s has a number twice: %d", type, constant.number());
            constants[constant.number()] = constant;
        }
        return new Numbering<>(constants);
    }

    /** The constant with a number; null if there is none. */
    public @Nullable E find(long number) {
        return number < 0 || number >= constants.length ? null : constants[(int) number];
    }
}
