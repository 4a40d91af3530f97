package io.quorate.api.rest;

import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import io.quorate.api.rest.MessageLayout.Enumeration;
import io.quorate.api.rest.MessageLayout.Field;
import io.quorate.api.rest.MessageLayout.Kind;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Translates a JSON object to the protobuf encoding of a message, by the rules of proto3 JSON: both spellings of names,
 * integers as numbers or strings, bytes as standard or URL-safe base64 with or without padding, enums by name or number,
 * {@code null} for absent. Unknown fields and unknown names of enums are ignored; a field given twice, and a second field of a
 * group of which one may be set, are refused, as by etcd 3.7.
 */
final class JsonToWire {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private JsonToWire() {}

    /**
     * Translates the object the cursor stands before.
     *
     * @throws JsonSyntaxException when the text is not JSON or does not fit the message
     */
    static void translate(JsonCursor json, MessageLayout layout, ByteSink wire) {
        json.begin('{');
        if (json.leave('}')) {
            return;
        }
        long seen = 0;
        long set = 0;
        do {
            json.peek();
            int start = json.position();
            json.string();
            String name = json.stringText();
            Field field = layout.field(name);
            json.expect(':');
            if (field == null) {
                json.skipValue();
                continue;
            }
            if ((seen & field.bit()) != 0) {
                throw json.refusedAt(start, "duplicate field \"" + name + "\"");
            }
            seen |= field.bit();
            if (!json.skipNull()) {
                if ((set & field.oneofBits()) != 0) {
                    throw json.refusedAt(
                            start, "error parsing \"" + name + "\", oneof " + field.oneof() + " is already set");
                }
                set |= field.bit();
                field(json, field, wire);
            }
        } while (json.skip(','));
        if (!json.leave('}')) {
            throw json.unexpected("',' or '}'");
        }
    }

    private static void field(JsonCursor json, Field field, ByteSink wire) {
        if (!field.repeated()) {
            value(json, field, wire);
            return;
        }
        json.begin('[');
        if (json.leave(']')) {
            return;
        }
        do {
            value(json, field, wire);
        } while (json.skip(','));
        if (!json.leave(']')) {
            throw json.unexpected("',' or ']'");
        }
    }

    private static void value(JsonCursor json, Field field, ByteSink wire) {
        if (field.kind() == Kind.ENUM && skipsUnknownName(json, field)) {
            return;
        }
        boolean delimited = field.kind() == Kind.STRING || field.kind() == Kind.BYTES || field.kind() == Kind.MESSAGE;
        wire.putVarint(((long) field.number() << 3) | (delimited ? LENGTH_DELIMITED : VARINT));
        json.peek();
        int start = json.position();
        Supplier<JsonSyntaxException> refusal = () -> invalid(json, start, field);
        switch (field.kind()) {
            case INT32 -> wire.putVarint(JsonNumbers.signed(number(json, refusal), 32, refusal));
            case INT64 -> wire.putVarint(JsonNumbers.signed(number(json, refusal), 64, refusal));
            case UINT32 -> wire.putVarint(JsonNumbers.unsigned(number(json, refusal), 32, refusal));
            case UINT64 -> wire.putVarint(JsonNumbers.unsigned(number(json, refusal), 64, refusal));
            case BOOL -> wire.putVarint(bool(json, refusal) ? 1 : 0);
            case ENUM -> wire.putVarint(enumeration(json, field, refusal));
            case STRING -> delimited(wire, text(json, refusal));
            case BYTES -> delimited(wire, base64(text(json, refusal), refusal));
            case MESSAGE -> message(json, field, wire);
        }
    }

    /** A value of the wrong kind or outside of its range, in etcd's words. */
    private static JsonSyntaxException invalid(JsonCursor json, int start, Field field) {
        return json.refusedAt(
                start,
                "invalid value for " + field.kind().name().toLowerCase(Locale.ROOT) + " field " + field.jsonName()
                        + ": " + json.token(start));
    }

    private static void message(JsonCursor json, Field field, ByteSink wire) {
        int start = wire.size();
        translate(json, Objects.requireNonNull(field.message()), wire);
        wire.prefixLength(start);
    }

    private static void delimited(ByteSink wire, byte[] content) {
        wire.putVarint(content.length);
        wire.put(content);
    }

    private static String number(JsonCursor json, Supplier<JsonSyntaxException> refusal) {
        if (json.peek() == '"') {
            json.string();
            return JsonNumbers.inString(json.stringText());
        }
        return scalar(json, refusal);
    }

    private static String scalar(JsonCursor json, Supplier<JsonSyntaxException> refusal) {
        byte next = json.peek();
        if (next == '{' || next == '[') {
            throw refusal.get();
        }
        return json.word();
    }

    private static byte[] text(JsonCursor json, Supplier<JsonSyntaxException> refusal) {
        if (json.peek() != '"') {
            throw refusal.get();
        }
        json.string();
        return json.stringBytes();
    }

    private static boolean bool(JsonCursor json, Supplier<JsonSyntaxException> refusal) {
        if (json.peek() == '"') {
            throw refusal.get();
        }
        return switch (scalar(json, refusal)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal.get();
        };
    }

    private static long enumeration(JsonCursor json, Field field, Supplier<JsonSyntaxException> refusal) {
        if (json.peek() != '"') {
            return JsonNumbers.signed(scalar(json, refusal), 32, refusal);
        }
        json.string();
        return Objects.requireNonNull(numberOf(json.stringText(), field));
    }

    /** Skips a name that the enum does not have, as if the field were not there. */
    private static boolean skipsUnknownName(JsonCursor json, Field field) {
        if (json.peek() != '"') {
            return false;
        }
        int start = json.position();
        json.string();
        if (numberOf(json.stringText(), field) == null) {
            return true;
        }
        json.moveBack(start);
        return false;
    }

    private static @Nullable Integer numberOf(String name, Field field) {
        Enumeration enumeration = Objects.requireNonNull(field.enumeration());
        return enumeration.numbers().get(name);
    }

    private static byte[] base64(byte[] text, Supplier<JsonSyntaxException> refusal) {
        try {
            return (isUrlSafe(text) ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            throw refusal.get();
        }
    }

    private static boolean isUrlSafe(byte[] text) {
        for (byte b : text) {
            if (b == '-' || b == '_') {
                return true;
            }
        }
        return false;
    }
}
