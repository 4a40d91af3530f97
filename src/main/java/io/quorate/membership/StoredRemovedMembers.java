package io.quorate.membership;

import io.quorate.membership.Membership.RemovedMembers;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** Keeps the ids of removed members in a family of their own, in the write of the entry that removes them. */
public record StoredRemovedMembers(Database database, ApplyScope scope) implements RemovedMembers {

    private static final byte[] REMOVED = {1};

    @Override
    public Set<Long> load() {
        Set<Long> ids = new HashSet<>();
        try (Cursor cursor = database.cursor(Family.REMOVED_MEMBER, null, null, Reader.Scan.SHORT)) {
            for (; cursor.isValid(); cursor.next()) {
                ids.add(ByteBuffer.wrap(cursor.key()).getLong());
            }
        }
        return ids;
    }

    @Override
    public void add(long id) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
        scope.current().put(Family.REMOVED_MEMBER, key, REMOVED);
    }
}
