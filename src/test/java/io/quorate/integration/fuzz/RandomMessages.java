package io.quorate.integration.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.random.RandomGenerator;

/**
 * Messages of a type with random content: fields left out or filled, numbers at the ends of their ranges, numbers that no enum
 * has, unknown fields, few keys so that requests meet, and now and then a field of a megabyte. One thread.
 */
final class RandomMessages {

    private static final long[] NUMBERS = {
        0, 1, 2, 3, 7, -1, -2, 100, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40
    };
    private static final int LARGE_BYTES = 1 << 20;
    private static final int BRANCHING_DEPTH = 5;

    private final RandomGenerator random;
    private boolean largeAllowed;

    RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    /** One message. */
    Message of(Descriptor type) {
        largeAllowed = random.nextInt(100) == 0;
        return fill(type, 0);
    }

    private Message fill(Descriptor type, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (random.nextInt(100) >= 60 || (nested && depth > BRANCHING_DEPTH)) {
                continue;
            }
            if (field.isRepeated()) {
                for (int count = random.nextInt(4); count > 0; count--) {
                    message.addRepeatedField(field, value(field, depth));
                }
            } else {
                message.setField(field, value(field, depth));
            }
        }
        if (random.nextInt(20) == 0) {
            message.setUnknownFields(unknown());
        }
        return message.build();
    }

    private Object value(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case BOOLEAN -> random.nextBoolean();
            case BYTE_STRING -> bytes();
            case STRING -> text();
            case FLOAT -> (float) number();
            case DOUBLE -> (double) number();
            case ENUM ->
                random.nextInt(10) == 0
                        ? field.getEnumType().findValueByNumberCreatingIfUnknown((int) number())
                        : field.getEnumType()
                                .getValues()
                                .get(random.nextInt(
                                        field.getEnumType().getValues().size()));
            case MESSAGE -> fill(field.getMessageType(), depth + 1);
        };
    }

    private long number() {
        return random.nextInt(20) == 0 ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private ByteString bytes() {
        if (largeAllowed && random.nextInt(4) == 0) {
            largeAllowed = false;
            return ByteString.copyFrom(new byte[LARGE_BYTES]);
        }
        return switch (random.nextInt(6)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> ByteString.copyFrom(new byte[] {0});
            case 2 -> ByteString.copyFrom(new byte[] {(byte) 0xff});
            default -> ByteString.copyFromUtf8("key" + random.nextInt(40));
        };
    }

    private String text() {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> "http://127.0.0.1:" + random.nextInt(70_000);
            case 2 -> "3." + random.nextInt(10);
            default -> "text" + random.nextInt(10) + "\u00e4\n\0";
        };
    }

    private UnknownFieldSet unknown() {
        UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder()
                .addVarint(random.nextLong())
                .addLengthDelimited(ByteString.copyFromUtf8("unknown"))
                .build();
        return UnknownFieldSet.newBuilder()
                .addField(1 + random.nextInt(20_000), field)
                .build();
    }
}
