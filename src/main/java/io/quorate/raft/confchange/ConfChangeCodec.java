package io.quorate.raft.confchange;

import io.quorate.base.Numbered;
import io.quorate.base.Numbering;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The protobuf form of {@code raftpb.ConfChange} and {@code raftpb.ConfChangeV2}, so that etcd's tools can read them in
 * the log. As in etcd, numbers are written even when they are zero. Unknown fields are skipped.
 *
 * <table>
 * <caption>Field numbers</caption>
 * <tr><td>ConfChange</td><td>1 id, 2 type, 3 node id, 4 context</td></tr>
 * <tr><td>ConfChangeV2</td><td>1 transition, 2 changes (1 type, 2 node id), 3 context</td></tr>
 * </table>
 */
public final class ConfChangeCodec {

    private static final Numbering<Transition> TRANSITIONS = Numbering.of(Transition.class);
    private static final Numbering<ChangeType> CHANGE_TYPES = Numbering.of(ChangeType.class);

    private ConfChangeCodec() {}

    /**
     * The change in the given form.
     *
     * @throws IllegalArgumentException if the older form cannot hold it, or the type is not that of a change
     */
    public static byte[] encode(ConfChange change, EntryType form) {
        return switch (form) {
            case CONF_CHANGE -> encodeSingle(change);
            case CONF_CHANGE_V2 -> encodeMultiple(change);
            case NORMAL -> throw new IllegalArgumentException("a normal entry holds no membership change");
        };
    }

    private static byte[] encodeSingle(ConfChange change) {
        if (change.entryType() != EntryType.CONF_CHANGE) {
            throw new IllegalArgumentException("not one simple change: " + change.describe());
        }
        MemberChange step = change.changes().getFirst();
        ProtoWriter writer = new ProtoWriter();
        writer.number(1, change.id());
        writer.number(2, step.type().number());
        writer.number(3, step.nodeId());
        if (change.context().length > 0) {
            writer.bytes(4, change.context());
        }
        return writer.toByteArray();
    }

    private static byte[] encodeMultiple(ConfChange change) {
        ProtoWriter writer = new ProtoWriter();
        writer.number(1, change.transition().number());
        for (MemberChange step : change.changes()) {
            ProtoWriter nested = new ProtoWriter();
            nested.number(1, step.type().number());
            nested.number(2, step.nodeId());
            writer.bytes(2, nested.toByteArray());
        }
        if (change.context().length > 0) {
            writer.bytes(3, change.context());
        }
        return writer.toByteArray();
    }

    /**
     * The change that an entry holds. No data at all is the change that ends a joint configuration.
     *
     * @throws IllegalArgumentException if the entry holds none, or its data is malformed
     */
    public static ConfChange decode(Entry entry) {
        return switch (entry.type()) {
            case CONF_CHANGE -> decodeSingle(entry.data());
            case CONF_CHANGE_V2 -> decodeMultiple(entry.data());
            case NORMAL -> throw new IllegalArgumentException("entry " + entry.index() + " is no membership change");
        };
    }

    private static ConfChange decodeSingle(byte[] data) {
        long id = 0;
        long type = 0;
        long nodeId = 0;
        byte[] context = {};
        ProtoReader reader = new ProtoReader(data);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> id = reader.number();
                case 2 -> type = reader.number();
                case 3 -> nodeId = reader.number();
                case 4 -> context = reader.bytes();
                default -> reader.skip();
            }
        }
        return new ConfChange(id, Transition.AUTO, List.of(new MemberChange(changeType(type), nodeId)), context);
    }

    private static ConfChange decodeMultiple(byte[] data) {
        long transition = 0;
        List<MemberChange> changes = new ArrayList<>();
        byte[] context = {};
        ProtoReader reader = new ProtoReader(data);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> transition = reader.number();
                case 2 -> changes.add(decodeStep(reader.bytes()));
                case 3 -> context = reader.bytes();
                default -> reader.skip();
            }
        }
        return new ConfChange(0, constant(TRANSITIONS, transition), changes, context);
    }

    private static MemberChange decodeStep(byte[] data) {
        long type = 0;
        long nodeId = 0;
        ProtoReader reader = new ProtoReader(data);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> type = reader.number();
                case 2 -> nodeId = reader.number();
                default -> reader.skip();
            }
        }
        return new MemberChange(changeType(type), nodeId);
    }

    private static ChangeType changeType(long number) {
        return constant(CHANGE_TYPES, number);
    }

    private static <E extends Enum<E> & Numbered> E constant(Numbering<E> numbers, long number) {
        E constant = numbers.find(number);
        if (constant == null) {
            throw new IllegalArgumentException("unknown number " + number + " in a membership change");
        }
        return constant;
    }
}
