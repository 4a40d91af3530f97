package io.quorate.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Names of column families as RocksDB keeps them. */
final class FamilyNames {

    private FamilyNames() {}

    static byte[] encode(Family family) {
        return family.diskName().getBytes(StandardCharsets.UTF_8);
    }

    /** The family of a name on disk; empty when it is not one of ours. */
    static Optional<Family> decode(byte[] diskName) {
        String name = new String(diskName, StandardCharsets.UTF_8);
        return Arrays.stream(Family.values())
                .filter(family -> family.diskName().equals(name))
                .findFirst();
    }
}
