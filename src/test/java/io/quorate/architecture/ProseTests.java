package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Comments, log texts, help and documents are plain English: docs/STYLE.md, "Words". Each failure names file and line.
 *
 * <p>The list is short on purpose. A word belongs to it when it hides which thread, object or time is meant, or weakens a
 * sentence without a meaning of its own.
 */
class ProseTests {

    private static final Path MAIN = Path.of("src/main/java");

    private static final int SENTENCE_WORDS_MAX = 40;

    /** What is not written, with what to write instead. */
    private static final Map<Pattern, String> WORDS = words(
            "now and then|every so often|from time to time",
            "how often, and on which thread",
            "things?|stuff",
            "what it is",
            "somehow|obviously|simply|basically|actually|of course",
            "nothing; delete the word",
            "just",
            "nothing, or \"right\", \"only\", \"a moment ago\"",
            "vouch(?:es|ed)?",
            "\"trusts\", \"issued by\"",
            "for ever",
            "\"forever\"",
            "whoever|somebody",
            "the thread, the caller, the member, the client");

    /** Threads, objects and members are "it" in comments. */
    private static final Map<Pattern, String> WORDS_OF_COMMENTS =
            words("who|whom", "what it is: thread, caller, member, client");

    private static final Pattern COMMENT = Pattern.compile("^\\s*(?:/?\\*|//)|(?<=[;{}] )//|^\\s*/\\*\\*");

    private static final Pattern LOG = Pattern.compile("\\blog\\.(?:trace|debug|info|warn|error)\\(");

    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);

    private static Map<Pattern, String> words(String... pairs) {
        Map<Pattern, String> words = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            words.put(
                    Pattern.compile("(?<![\\w{@`-])(?:" + pairs[i] + ")(?![\\w-])", Pattern.CASE_INSENSITIVE),
                    pairs[i + 1]);
        }
        return words;
    }

    @Test
    void commentsAndLogTextsUsePlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(MAIN, ".java")) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                Matcher comment = COMMENT.matcher(line);
                if (comment.find()) {
                    String text = line.substring(comment.start());
                    find(file, i, text, WORDS, found);
                    find(file, i, text, WORDS_OF_COMMENTS, found);
                } else if (LOG.matcher(line).find()) {
                    find(file, i, line, WORDS, found);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void documentsAndHelpUsePlainWords() throws IOException {
        List<Path> documents = new ArrayList<>(files(Path.of("docs"), ".md"));
        documents.addAll(files(Path.of("bin"), ".txt"));
        for (String name : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "application.yml")) {
            documents.add(Path.of(name));
        }
        List<String> found = new ArrayList<>();
        for (Path file : documents) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                find(file, i, lines.get(i), WORDS, found);
            }
        }
        assertThat(found).isEmpty();
    }

    private static void find(Path file, int line, String text, Map<Pattern, String> words, List<String> found) {
        words.forEach((word, instead) -> {
            Matcher match = word.matcher(text);
            if (match.find()) {
                found.add(file + ":" + (line + 1) + ": \"" + match.group() + "\": write " + instead);
            }
        });
    }

    @Test
    void sentencesOfJavadocAreShort() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(MAIN, ".java")) {
            String source = Files.readString(file);
            Matcher javadoc = JAVADOC.matcher(source);
            while (javadoc.find()) {
                for (String sentence : sentences(javadoc.group(1))) {
                    int words = sentence.split("\\s+").length;
                    if (words > SENTENCE_WORDS_MAX) {
                        long line = source.substring(0, javadoc.start()).lines().count() + 1;
                        found.add(file + ":" + line + ": a sentence of " + words + " words: " + sentence);
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** Ends at a full stop, a tag, a list item, or a preformatted part. */
    private static String[] sentences(String javadoc) {
        return javadoc.replaceAll("(?s)<pre>.*?</pre>", ". ")
                .replaceAll("(?m)^\\s*\\*", " ")
                .replaceAll("\\{@\\w+ ([^}]*)}", "$1")
                .replaceAll("@(param|return|throws|see)\\b|<(p|ul|li|ol|/li|/ul|h2|tr|td|table)>", ". ")
                .strip()
                .split("[.:;!?]\\s+");
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
