package io.quorate.alarm;

import io.quorate.proto.AlarmType;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;

/**
 * One alarm.
 *
 * @param id the member and the type in one
 */
@KeySpace("alarm")
public record Alarm(@Id AlarmId id) {

    /**
     * The member and the kind of an alarm.
     *
     * @param number of the type; etcd takes any number, so this does, too
     */
    public record AlarmId(long memberId, int number) {

        public AlarmId(long memberId, AlarmType type) {
            this(memberId, type.getNumber());
        }

        /** The type; {@link AlarmType#UNRECOGNIZED} for a number that has no name. */
        public AlarmType type() {
            AlarmType named = AlarmType.forNumber(number);
            return named == null ? AlarmType.UNRECOGNIZED : named;
        }

        /** The name of the type as etcd prints it: that of the enum, or the number. */
        public String typeName() {
            return type() == AlarmType.UNRECOGNIZED ? Integer.toString(number) : type().name();
        }
    }
}
