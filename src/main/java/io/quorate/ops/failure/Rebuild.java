package io.quorate.ops.failure;

/** What helps when the data of a member cannot be trusted any more. */
final class Rebuild {

    static final String ACTION =
            "Keep a copy of quorate.data-dir and check the disk. Then rebuild the member: as part of a"
                    + " cluster, remove it from the cluster, empty its data directory and add it again, so that its peers"
                    + " send it everything. As the only member, the copy is all there is: this version has no backups to"
                    + " restore.";

    private Rebuild() {}
}
