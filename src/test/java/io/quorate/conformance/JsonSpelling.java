package io.quorate.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Writes messages as JSON, every value in one of the ways that the JSON form of protobuf allows. */
final class JsonSpelling {

    private final Dice dice;

    JsonSpelling(Dice dice) {
        this.dice = dice;
    }

    String of(Message message) {
        return of(message, true);
    }

    /** A message of a stream, on which etcd says nothing about what it cannot read. */
    String ofStream(Message message) {
        return of(message, false);
    }

    /** @param mayRepeat whether a name may come twice, which is refused */
    private String of(Message message, boolean mayRepeat) {
        List<String> members = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            members.add(name(field.getKey()) + space() + ":" + space() + value(field.getKey(), field.getValue()));
        }
        if (dice.chance(4)) {
            members.add(
                    dice.below(members.size() + 1),
                    dice.oneOf(
                            "\"no_such_field\":[{\"a\":[1,null,true]},\"x\"]", "\"nothing\":{}", "\"unknown\":-1.5e3"));
        }
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        if (dice.chance(4)
                && !fields.isEmpty()
                && (mayRepeat || !message.getAllFields().containsKey(fields.getLast()))) {
            members.add("\"" + fields.getLast().getName() + "\":null");
        }
        return "{" + space() + String.join("," + space(), members) + space() + "}";
    }

    private String name(FieldDescriptor field) {
        return "\"" + (dice.chance(80) ? field.getName() : field.getJsonName()) + "\"";
    }

    private String space() {
        return dice.chance(92) ? "" : dice.oneOf(" ", "\n", "\t", "\r\n  ");
    }

    private String value(FieldDescriptor field, Object value) {
        if (value instanceof List<?> values) {
            List<String> elements = new ArrayList<>();
            values.forEach(element -> elements.add(single(field, element)));
            return "[" + space() + String.join("," + space(), elements) + "]";
        }
        return single(field, value);
    }

    private String single(FieldDescriptor field, Object value) {
        return switch (value) {
            case Message message -> of(message);
            case ByteString bytes -> "\"" + base64(bytes.toByteArray()) + "\"";
            case EnumValueDescriptor constant -> enumeration(field, constant);
            case Long number -> dice.chance(60) ? "\"" + number + "\"" : number.toString();
            default -> value.toString();
        };
    }

    private String enumeration(FieldDescriptor field, EnumValueDescriptor constant) {
        boolean isKnown = field.getEnumType().findValueByNumber(constant.getNumber()) != null
                && field.getEnumType().getValues().contains(constant);
        return isKnown && dice.chance(75) ? "\"" + constant.getName() + "\"" : Integer.toString(constant.getNumber());
    }

    private String base64(byte[] bytes) {
        Base64.Encoder form = dice.chance(90) ? Base64.getEncoder() : Base64.getUrlEncoder();
        return (dice.chance(90) ? form : form.withoutPadding()).encodeToString(bytes);
    }

    /** A body that nobody understands, or that all understand alike: something missing, added or of another type. */
    String damage(String json) {
        int at = dice.below(json.length());
        return switch (dice.below(8)) {
            case 0 -> json.substring(0, at);
            case 1 -> json.substring(0, at) + json.substring(at).replaceFirst("[{}\\[\\],:\"]", "");
            case 2 ->
                json.substring(0, at)
                        + dice.oneOf("\"", "{", "}", "[", ":", ",", "x", "1", "\\", "-")
                        + json.substring(at);
            case 3 -> json + dice.oneOf("}", "{}", " x", "[]", ",", "null");
            case 4 ->
                dice.oneOf("", " ", "null", "[]", "1", "\"text\"", "true", "{", "}", "{}{}", "<a>", "{'key':'YQ=='}");
            case 5 ->
                json.replaceFirst(
                        "\"[A-Za-z0-9+/]*={0,2}\"(?=[,}\\s])", dice.oneOf("5", "\"*\"", "\"Y\"", "true", "{}", "[]"));
            case 6 ->
                json.replaceFirst(
                        "(?<=:)(-?[0-9]+|true|\"[0-9]+\")",
                        dice.oneOf("1.5", "\"\"", "\"x\"", "\"true\"", "[1]", "-0", "99999999999999999999"));
            default ->
                json.replaceFirst(
                        "\"(NONE|ASCEND|DESCEND|KEY|VERSION|CREATE|MOD|VALUE|EQUAL|GREATER|LESS)\"",
                        dice.oneOf("\"none\"", "\"NO\"", "\"1\"", "true"));
        };
    }
}
