package io.quorate.node.transport;

import java.nio.file.Path;
import java.util.Set;

/**
 * What has arrived of a state whose connection broke.
 *
 * @param from the sender
 * @param copy which of the sender's copies it is; files of two copies never mix, even if both are of the same index
 * @param folder where the files are
 * @param files names of those that are whole and durable; there are no others in the folder
 */
record PartialSnapshot(long from, long copy, Path folder, Set<String> files) {

    boolean isOf(long sender, long announced) {
        return from == sender && copy == announced;
    }
}
