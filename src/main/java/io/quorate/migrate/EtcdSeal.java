package io.quorate.migrate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.apply.RequestCodec;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The alarm for corrupt data that a hand-over raises in the etcd it takes over from, so that this refuses writes. */
public final class EtcdSeal {

    /** The member that the alarm names, {@code quorate} in ASCII: no member has that id, so it is told from other alarms. */
    public static final long MEMBER = 0x71756f72617465L;

    private EtcdSeal() {}

    /**
     * Whether it is there at the end of the log.
     *
     * @param corrupt the members that such alarms in the database are about
     * @param tail entries that the database has not reached
     */
    static boolean isIn(Set<Long> corrupt, List<Entry> tail) {
        Set<Long> members = new HashSet<>(corrupt);
        for (Entry entry : tail) {
            if (entry.type() == EntryType.NORMAL && entry.data().length > 0) {
                apply(alarmIn(entry), members);
            }
        }
        return members.contains(MEMBER);
    }

    private static AlarmRequest alarmIn(Entry entry) {
        try {
            return RequestCodec.decode(entry.data()).getAlarm();
        } catch (InvalidProtocolBufferException e) {
            throw new MigrationException("The entry " + entry.index() + " of the log cannot be read.", e);
        }
    }

    private static void apply(AlarmRequest request, Set<Long> members) {
        if (request.getAlarm() != AlarmType.CORRUPT) {
            return;
        }
        switch (request.getAction()) {
            case ACTIVATE -> members.add(request.getMemberID());
            case DEACTIVATE -> members.remove(request.getMemberID());
            case GET, UNRECOGNIZED -> {}
        }
    }
}
