package io.quorate.backup.archive;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What stands behind the records of an object.
 *
 * @param records how many there are
 * @param compacted the compacted revision at its moment; -1 for none
 * @param witness a hash of the history up to some earlier revision or the last
 */
record Ending(long records, long compacted, Witness witness) {

    void write(DataOutputStream content) throws IOException {
        content.writeLong(records);
        content.writeLong(compacted);
        content.writeLong(witness.revision());
        content.writeLong(witness.compacted());
        content.writeInt(witness.hash());
    }

    static Ending read(DataInputStream content) throws IOException {
        return new Ending(
                content.readLong(),
                content.readLong(),
                new Witness(content.readLong(), content.readLong(), content.readInt()));
    }
}
