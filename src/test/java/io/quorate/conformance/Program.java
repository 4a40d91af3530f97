package io.quorate.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A list of steps.
 *
 * @param seed what it was made from
 */
record Program(long seed, List<Step> steps) {

    /** The same program without some of its steps. */
    Program without(int from, int to) {
        List<Step> rest = new ArrayList<>(steps.subList(0, from));
        rest.addAll(steps.subList(to, steps.size()));
        return new Program(seed, List.copyOf(rest));
    }

    /** The same program with another step in a place. */
    Program with(int index, Step step) {
        List<Step> changed = new ArrayList<>(steps);
        changed.set(index, step);
        return new Program(seed, List.copyOf(changed));
    }

    /** Tells programs apart, to notice that recorded answers belong to another one. */
    long digest() {
        CRC32C crc = new CRC32C();
        steps.forEach(step -> crc.update(step.toString().getBytes(StandardCharsets.UTF_8)));
        return crc.getValue();
    }
}
