package io.quorate.backup.archive;

import java.time.Instant;

/** Which moment shall be restored. */
public sealed interface RestoreTarget {

    /** The newest there is. */
    record Newest() implements RestoreTarget {}

    /** The state right behind a revision, which is the newest afterwards. */
    record Revision(long revision) implements RestoreTarget {

        public Revision {
            if (revision < 1) {
                throw new IllegalArgumentException("there is no revision " + revision);
            }
        }
    }

    /** The newest that was written at a time or before. */
    record Time(Instant time) implements RestoreTarget {}
}
