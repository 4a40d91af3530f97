package io.quorate.sim.core;

import io.quorate.linearizability.Command;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A command in the log.
 *
 * @param id which proposal it is
 */
record Proposed(long id, Command command) {

    /** All commands ever proposed in a run; the log carries their numbers and some bytes to give them a size. */
    static final class Register {

        private static final int PADDING_MAX = 60;

        private final List<Proposed> all = new ArrayList<>();

        Proposed add(Command command) {
            Proposed proposed = new Proposed(all.size(), command);
            all.add(proposed);
            return proposed;
        }

        byte[] encode(Proposed proposed) {
            int padding = (int) (proposed.id() * 31 % PADDING_MAX);
            return ByteBuffer.allocate(Long.BYTES + padding)
                    .putLong(proposed.id())
                    .array();
        }

        Proposed decode(byte[] data) {
            return all.get((int) ByteBuffer.wrap(data).getLong());
        }
    }
}
