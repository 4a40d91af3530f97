package io.quorate.alarm;

import io.quorate.storage.Family;
import io.quorate.storage.springdata.EntityCodec;
import java.nio.ByteBuffer;

/** Alarms on disk: everything is in the key, four bytes of type and eight of the member's id. */
public final class AlarmCodec implements EntityCodec<Alarm, Alarm.AlarmId> {

    private static final byte[] NOTHING = {};

    @Override
    public Class<Alarm> type() {
        return Alarm.class;
    }

    @Override
    public Class<Alarm.AlarmId> idType() {
        return Alarm.AlarmId.class;
    }

    @Override
    public Family family() {
        return Family.ALARM;
    }

    @Override
    public byte[] encodeId(Alarm.AlarmId id) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(id.number())
                .putLong(id.memberId())
                .array();
    }

    @Override
    public Alarm.AlarmId decodeId(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key);
        int number = buffer.getInt();
        return new Alarm.AlarmId(buffer.getLong(), number);
    }

    @Override
    public byte[] encode(Alarm alarm) {
        return NOTHING;
    }

    @Override
    public Alarm decode(Alarm.AlarmId id, byte[] value) {
        return new Alarm(id);
    }
}
