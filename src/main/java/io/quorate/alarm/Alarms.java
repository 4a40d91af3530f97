package io.quorate.alarm;

import io.quorate.base.Meters;
import io.quorate.proto.AlarmType;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/** The active alarms. Changed by the {@code apply} thread only, read by anybody. */
public final class Alarms {

    private static final Comparator<Alarm.AlarmId> ORDER = Comparator.comparingInt(Alarm.AlarmId::number)
            .thenComparing(Alarm.AlarmId::memberId, Long::compareUnsigned);

    private final AlarmRepository repository;
    private final ConcurrentSkipListSet<Alarm.AlarmId> active = new ConcurrentSkipListSet<>(ORDER);

    /** The types of what is active; replaced, never changed, because every entry that is applied asks. */
    private volatile EnumSet<AlarmType> types = EnumSet.noneOf(AlarmType.class);

    /** Restores what the database holds. */
    public Alarms(AlarmRepository repository) {
        this.repository = repository;
        restore();
    }

    /** Forgets everything and reads the database again, after a snapshot was installed. */
    public void restore() {
        active.clear();
        repository.findAll().forEach(alarm -> active.add(alarm.id()));
        changed();
    }

    /** Whether any member raised an alarm of this type. Cheap. */
    public boolean isRaised(AlarmType type) {
        return types.contains(type);
    }

    /** All alarms, by type and member. */
    public List<Alarm.AlarmId> list() {
        return List.copyOf(active);
    }

    /** The alarms of the type with a number; that of {@link AlarmType#NONE} means all. */
    public List<Alarm.AlarmId> list(int number) {
        return active.stream()
                .filter(alarm -> number == AlarmType.NONE_VALUE || alarm.number() == number)
                .toList();
    }

    /** Raises an alarm; one that is active stays as it is. */
    public Alarm.AlarmId activate(long memberId, int number) {
        Alarm.AlarmId id = new Alarm.AlarmId(memberId, number);
        if (!active.contains(id)) {
            repository.save(new Alarm(id)); // before the memory: what cannot be stored was never raised
            active.add(id);
            changed();
        }
        return id;
    }

    /**
     * Clears the alarm of exactly this member and type.
     *
     * @return whether it was active
     */
    public boolean deactivate(long memberId, int number) {
        Alarm.AlarmId id = new Alarm.AlarmId(memberId, number);
        if (!active.contains(id)) {
            return false;
        }
        repository.deleteById(id);
        active.remove(id);
        changed();
        return true;
    }

    private void changed() {
        EnumSet<AlarmType> next = EnumSet.noneOf(AlarmType.class);
        active.forEach(alarm -> next.add(alarm.type()));
        types = next;
    }

    /** Registers what is raised. */
    public void register(Meters meters) {
        meters.gauges(
                "etcd_debugging_server_alarms",
                "1 for each alarm that is raised.",
                points -> list().forEach(alarm -> points.add(
                        1, "server_id", Long.toHexString(alarm.memberId()), "alarm_type", alarm.typeName())));
    }
}
