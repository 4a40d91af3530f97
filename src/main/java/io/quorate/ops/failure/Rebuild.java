package io.quorate.ops.failure;

/** What helps when the data of a member cannot be trusted any more. */
final class Rebuild {

    static final String ACTION =
            "Keep a copy of quorate.data-dir and check the disk. Then rebuild the member: as part of a"
                    + " cluster, remove it from the cluster, empty its data directory and add it again, so that its peers"
                    + " send it everything; as the only member, restore a snapshot into an empty directory.";

    private Rebuild() {}
}
