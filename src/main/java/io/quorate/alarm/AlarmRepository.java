package io.quorate.alarm;

import org.springframework.data.repository.ListCrudRepository;

/** The alarms in this member's database; writes only while an entry is applied. */
public interface AlarmRepository extends ListCrudRepository<Alarm, Alarm.AlarmId> {}
