package io.quorate.config.etcd;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import io.quorate.fixture.GeneratedDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.ClassPathResource;

/**
 * What {@code application.yml} and {@code bin/help.txt} say of a setting is how its Javadoc begins, by way of the metadata that
 * the compiler collects: the first sentence, and what follows as long as it is short. Only the texts are made; settings, values, groups and their order are written by hand.
 */
class SettingTextsTests {

    private static final int COLUMNS = 125;
    private static final int SHORT = 140;

    /** A setting, its value, and what follows. */
    private static final Pattern YAML_LINE = Pattern.compile("(( +)([a-z-]+):(?: .*?)?) +# .*");

    private static final Pattern YAML_SECTION = Pattern.compile("( *)([a-z-]+): *");
    private static final Pattern HELP_LINE = Pattern.compile("(  --([a-z-]+) (?:'[^']*'|-?\\d+)) +\\S.*");

    @Test
    void commentsOfApplicationYmlWhenMadeFromTheMetadataAreTheSame() throws IOException {
        Map<String, String> texts = texts();
        List<String> path = new ArrayList<>();
        new GeneratedDocument(Path.of("application.yml"))
                .check(rewritten(Files.readAllLines(Path.of("application.yml")), 49, "# ", line -> {
                    Matcher section = YAML_SECTION.matcher(line);
                    Matcher setting = YAML_LINE.matcher(line);
                    if (section.matches()) {
                        enter(path, section.group(1).length() / 2, section.group(2));
                    } else if (setting.matches()) {
                        List<String> names = new ArrayList<>(path.subList(
                                0, Math.min(path.size(), setting.group(2).length() / 2)));
                        names.add(setting.group(3));
                        return found(setting.group(1), texts.get(String.join(".", names)));
                    }
                    return null;
                }));
    }

    @Test
    void helpWhenMadeFromTheMetadataIsTheSame() throws IOException {
        Map<String, String> texts = texts();
        new GeneratedDocument(Path.of("bin/help.txt"))
                .check(rewritten(Files.readAllLines(Path.of("bin/help.txt")), 43, "", line -> {
                    Matcher flag = HELP_LINE.matcher(line);
                    return flag.matches() ? found(flag.group(1), textOf(flag.group(2), texts)) : null;
                }));
    }

    /** What stands before a text, and the text. */
    private record Line(String start, String text) {}

    private static @Nullable Line found(String start, @Nullable String text) {
        return text == null ? null : new Line(start, text);
    }

    private static void enter(List<String> path, int depth, String section) {
        while (path.size() > depth) {
            path.removeLast();
        }
        path.add(section);
    }

    private static @Nullable String textOf(String flag, Map<String, String> texts) {
        String text = texts.get(property(flag));
        return switch (EtcdFlags.named(flag).kind()) {
            case MILLISECONDS -> text == null ? null : "in milliseconds, the " + text;
            case SECONDS -> text == null ? null : "in seconds, " + text;
            default -> text;
        };
    }

    /** The property that a flag sets, or an empty name if it is not one alone. */
    private static String property(String flag) {
        if (!(EtcdFlags.named(flag).effect() instanceof EtcdFlag.Effect.Sets)) {
            return "";
        }
        for (String value : List.of("true", "1", "1s", "http://localhost:1")) {
            try {
                EtcdFlag known = EtcdFlags.named(flag);
                Map<String, String> properties = known.properties(known.convert(value));
                return properties.size() == 1 ? properties.keySet().iterator().next() : "";
            } catch (BadFlagException anotherKind) {
                continue;
            }
        }
        return "";
    }

    private static String rewritten(
            List<String> lines, int column, String mark, Function<String, @Nullable Line> reader) {
        StringBuilder text = new StringBuilder();
        boolean isReplaced = false;
        for (String line : lines) {
            boolean goesOn = line.startsWith(" ".repeat(column) + mark);
            if (isReplaced && goesOn) {
                continue;
            }
            Line found = reader.apply(line);
            isReplaced = found != null;
            text.append(found == null ? line + "\n" : wrapped(found, column, mark));
        }
        return text.toString();
    }

    /** The text from the column on, in as many lines as it needs. */
    private static String wrapped(Line line, int column, String mark) {
        StringBuilder text = new StringBuilder();
        StringBuilder current = new StringBuilder(line.start());
        current.append(" "
                        .repeat(Math.max(
                                line.start().length() < column ? 0 : 3,
                                column - line.start().length())))
                .append(mark.stripTrailing());
        boolean isFirst = true;
        for (String word : line.text().split(" ")) {
            if (current.length() + 1 + word.length() > COLUMNS) {
                text.append(current).append('\n');
                current = new StringBuilder(" ".repeat(column)).append(mark.stripTrailing());
                isFirst = true;
            }
            current.append(isFirst && mark.isEmpty() ? "" : " ").append(word);
            isFirst = false;
        }
        return text.append(current).append('\n').toString();
    }

    /** By the names of settings. */
    private static Map<String, String> texts() throws IOException {
        String json = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        Map<String, String> texts = new HashMap<>();
        for (Object property : (List<?>) Objects.requireNonNull(
                JsonParserFactory.getJsonParser().parseMap(json).get("properties"))) {
            Map<?, ?> entry = (Map<?, ?>) property;
            if (entry.get("description") instanceof String description) {
                texts.put(String.valueOf(entry.get("name")), beginning(description));
            }
        }
        return texts;
    }

    private static String beginning(String description) {
        String plain = description.replaceAll("\\{@code ([^}]*)}", "$1");
        int end = plain.length() <= SHORT ? plain.length() : plain.lastIndexOf(". ", SHORT) + 1;
        int whole = end > 0 ? end : (plain + " ").indexOf(". ") + 1;
        String sentence = plain.substring(0, whole).replaceFirst("\\.$", "");
        boolean isName = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
        return isName ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
