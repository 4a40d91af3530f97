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

    /** Who raised what. */
    public record AlarmId(long memberId, AlarmType type) {}
}
