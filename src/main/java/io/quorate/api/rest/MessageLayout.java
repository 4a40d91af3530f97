package io.quorate.api.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message type as the translator needs it: its fields by JSON name (both spellings) and by number. Built once per type
 * at start; cyclic types refer to themselves.
 *
 * <p>Complete once it is built; any thread reads it.
 */
final class MessageLayout {

    private final Map<String, Field> byName = new HashMap<>();
    private Field[] byNumber = new Field[0];

    /** The kinds of value that etcd's messages have. */
    enum Kind {
        INT32,
        INT64,
        UINT32,
        UINT64,
        BOOL,
        ENUM,
        STRING,
        BYTES,
        MESSAGE
    }

    /**
     * One field.
     *
     * @param name its name in the proto text, the one used in answers
     * @param jsonName its name in lower camel case, the one used in errors
     * @param jsonPrefix the first name quoted, with the colon, as it appears in answers
     * @param message layout of the nested message, absent for other kinds
     * @param enumeration names and numbers of an enum, absent for other kinds
     * @param bit of this field in a set of the fields that a message has already
     * @param oneof the full name of the group of which one field at most may be set; absent outside of such a group
     * @param oneofBits of all fields of that group
     */
    record Field(
            String name,
            String jsonName,
            String jsonPrefix,
            int number,
            Kind kind,
            boolean repeated,
            @Nullable MessageLayout message,
            @Nullable Enumeration enumeration,
            long bit,
            @Nullable String oneof,
            long oneofBits) {}

    /** Names and numbers of an enum type. */
    record Enumeration(Map<String, Integer> numbers, Map<Integer, String> quotedNames) {}

    private MessageLayout() {}

    /** Returns the layout of a type, adding it and the types it contains to {@code known}. */
    static MessageLayout of(Descriptor type, Map<String, MessageLayout> known) {
        MessageLayout existing = known.get(type.getFullName());
        if (existing != null) {
            return existing;
        }
        MessageLayout layout = new MessageLayout();
        known.put(type.getFullName(), layout);
        for (FieldDescriptor descriptor : type.getFields()) {
            layout.add(descriptor, known);
        }
        return layout;
    }

    private void add(FieldDescriptor descriptor, Map<String, MessageLayout> known) {
        Kind kind = kind(descriptor);
        OneofDescriptor oneof = descriptor.getRealContainingOneof();
        Field field = new Field(
                descriptor.getName(),
                descriptor.getJsonName(),
                "\"" + descriptor.getName() + "\":",
                descriptor.getNumber(),
                kind,
                descriptor.isRepeated(),
                kind == Kind.MESSAGE ? of(descriptor.getMessageType(), known) : null,
                kind == Kind.ENUM ? enumeration(descriptor) : null,
                bit(descriptor),
                oneof == null ? null : oneof.getFullName(),
                oneof == null
                        ? 0
                        : oneof.getFields().stream()
                                .mapToLong(MessageLayout::bit)
                                .reduce(0, (one, other) -> one | other));
        byName.put(descriptor.getName(), field);
        byName.put(descriptor.getJsonName(), field);
        if (field.number() >= byNumber.length) {
            Field[] larger = new Field[field.number() + 1];
            System.arraycopy(byNumber, 0, larger, 0, byNumber.length);
            byNumber = larger;
        }
        byNumber[field.number()] = field;
    }

    /** Fields are told apart by their place among those of the type, of which none of etcd's has more than this has bits. */
    private static long bit(FieldDescriptor descriptor) {
        if (descriptor.getIndex() >= Long.SIZE) {
            throw new IllegalStateException("too many fields before " + descriptor.getFullName());
        }
        return 1L << descriptor.getIndex();
    }

    private static Kind kind(FieldDescriptor descriptor) {
        return switch (descriptor.getType()) {
            case INT32 -> Kind.INT32;
            case INT64 -> Kind.INT64;
            case UINT32 -> Kind.UINT32;
            case UINT64 -> Kind.UINT64;
            case BOOL -> Kind.BOOL;
            case ENUM -> Kind.ENUM;
            case STRING -> Kind.STRING;
            case BYTES -> Kind.BYTES;
            case MESSAGE -> Kind.MESSAGE;
            case DOUBLE, FLOAT, FIXED32, FIXED64, SFIXED32, SFIXED64, SINT32, SINT64, GROUP ->
                throw new IllegalStateException("no JSON form for the type of field " + descriptor.getFullName());
        };
    }

    private static Enumeration enumeration(FieldDescriptor descriptor) {
        Map<String, Integer> numbers = new HashMap<>();
        Map<Integer, String> names = new HashMap<>();
        for (EnumValueDescriptor value : descriptor.getEnumType().getValues()) {
            numbers.put(value.getName(), value.getNumber());
            names.putIfAbsent(value.getNumber(), "\"" + value.getName() + "\"");
        }
        return new Enumeration(numbers, names);
    }

    @Nullable
    Field field(String jsonName) {
        return byName.get(jsonName);
    }

    @Nullable
    Field field(int number) {
        return number >= 0 && number < byNumber.length ? byNumber[number] : null;
    }
}
