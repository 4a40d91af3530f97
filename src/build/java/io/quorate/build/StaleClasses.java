package io.quorate.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sets back the times of class files that a change of sources makes stale, so that the compiler, which is told to compile what
 * has no newer class file, compiles these and no others. A step of the build before each compilation, run from its source:
 *
 * <pre>java -cp CLASS-PATH StaleClasses.java</pre>
 *
 * A change is a source without class file or newer than it, or a class file without source. Changed sources are compiled here
 * on trial, with nothing but Lombok; if that fails, everything is compiled anew. If others see the same of them as before, that is
 * all. Otherwise those are compiled anew that name a changed class: in their text, which finds constants that the compiler copies, or in their class files, which
 * finds types that the text infers. They in turn are taken for changed if they extend it, or have constants and those of the
 * changed class are others than before. A changed {@code package-info} changes the classes of its package, and a changed
 * {@code pom.xml} or {@code lombok.config} all.
 */
final class StaleClasses {

    private static final Path STATE = Path.of("target", "stale-classes");
    private static final List<Path> SETTINGS = List.of(Path.of("pom.xml"), Path.of("lombok.config"));
    private static final Path MAIN = Path.of("target", "classes");
    private static final Path TEST = Path.of("target", "test-classes");
    private static final Pattern REFERENCE = Pattern.compile("io/quorate/[\\w/]+");
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final String PACKAGE_INFO = "package-info";

    /** What the processor of Spring Boot makes metadata of. */
    private static final Pattern SETTINGS_MARK =
            Pattern.compile("^@(ConfigurationProperties|\\w*Endpoint)\\b", Pattern.MULTILINE);

    private static final Path METADATA = MAIN.resolve("META-INF/spring-configuration-metadata.json");

    /** After more changes, as by a switch of branches, everything is compiled anew. */
    private static final int CHANGES_MAX = 400;

    private static final FileTime LONG_AGO = FileTime.from(Instant.EPOCH);

    /** Made and compiled with the benchmark that it is for. */
    private static final String GENERATED = "/jmh_generated/";

    /** Where an outermost class comes from. */
    private record Unit(String name, Path source, Path classes) {

        Path classFile() {
            return classes.resolve(name + ".class");
        }
    }

    private final Map<String, Unit> units = new HashMap<>();

    /** Class files by the name of their outermost class. */
    private final Map<String, List<Path>> classFiles = new HashMap<>();

    private StaleClasses() {}

    /** Works in the directory of the project. */
    public static void main(String[] arguments) throws IOException {
        StaleClasses classes = new StaleClasses();
        classes.read(MAIN, "src/main/java", "src/launcher/java", "target/generated-sources/protobuf");
        classes.read(TEST, "src/test/java", "src/jmh/java");
        if (classes.haveSettingsChanged()) {
            classes.outdateAll(classes.classFiles.keySet());
        } else {
            classes.outdate();
        }
    }

    private void read(Path classes, String... roots) throws IOException {
        for (String root : roots) {
            Path directory = Path.of(root);
            for (Path source : filesBelow(directory, ".java")) {
                String name = nameOf(directory.relativize(source), ".java");
                units.put(name, new Unit(name, source, classes));
            }
        }
        for (Path file : filesBelow(classes, ".class")) {
            String name = nameOf(classes.relativize(file), ".class");
            if (!name.contains(GENERATED)) {
                classFiles
                        .computeIfAbsent(outermost(name), key -> new ArrayList<>())
                        .add(file);
            }
        }
    }

    static List<Path> filesBelow(Path directory, String ending) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    static String nameOf(Path file, String ending) {
        String name = file.toString().replace('\\', '/');
        return name.substring(0, name.length() - ending.length());
    }

    private static String outermost(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    private boolean haveSettingsChanged() throws IOException {
        StringBuilder now = new StringBuilder(System.getProperty("java.version"));
        for (Path file : SETTINGS) {
            now.append(' ').append(Arrays.hashCode(Files.readAllBytes(file)));
        }
        boolean isSame = Files.exists(STATE) && Files.readString(STATE).contentEquals(now);
        if (!isSame) {
            Files.createDirectories(STATE.getParent());
            Files.writeString(STATE, now);
        }
        return !isSame;
    }

    private void outdate() throws IOException {
        Set<String> changed = new TreeSet<>();
        Set<String> seen = new TreeSet<>(gone());
        List<Unit> compared = new ArrayList<>();
        List<Unit> added = new ArrayList<>();
        for (Unit unit : units.values()) {
            if (!Files.exists(unit.classFile())) {
                added.add(unit);
                seen.add(unit.name());
                changed.add(unit.name());
            } else if (lastChange(unit.classFile()).compareTo(lastChange(unit.source())) < 0) {
                compared.add(unit);
                changed.add(unit.name());
            }
        }
        if (compared.size() + added.size() > CHANGES_MAX) {
            outdateAll(classFiles.keySet());
            return;
        }
        boolean areConstantsSeen = !seen.isEmpty();
        areConstantsSeen |= compare(compared, added, seen);
        Set<String> affected = users(seen, areConstantsSeen);
        deleteAll(gone());
        outdateAll(affected);
        affected.addAll(changed);
        if (!affected.isEmpty()) {
            System.out.println("Changed: " + changed.size() + ", to be compiled: " + affected.size());
        }
        outdateSettings(affected);
    }

    private static FileTime lastChange(Path file) throws IOException {
        return Files.getLastModifiedTime(file);
    }

    /**
     * Adds those that others see differently, and tells whether constants are among what they see. What was added is compiled
     * with them, as they may use it.
     */
    private boolean compare(List<Unit> changed, List<Unit> added, Set<String> seen) throws IOException {
        if (changed.isEmpty()) {
            return false;
        }
        boolean areConstantsSeen = false;
        List<Path> sources = Stream.concat(changed.stream(), added.stream())
                .map(Unit::source)
                .toList();
        try (TrialCompilation trial = new TrialCompilation(sources)) {
            if (!trial.isSuccessful()) { // the real compilation tells why, or finds that nothing is wrong
                seen.addAll(units.keySet());
                return true;
            }
            for (Unit unit : changed) {
                Map<String, Path> before = namesOf(unit);
                Map<String, Path> after = trial.classFiles(unit.name());
                if (!visible(before).equals(visible(after))) {
                    seen.add(unit.name());
                    areConstantsSeen |= !constants(before).equals(constants(after));
                }
                before.keySet().removeAll(after.keySet());
                for (Path old : before.values()) {
                    Files.delete(old);
                }
            }
        }
        return areConstantsSeen;
    }

    /**
     * The metadata of settings is made of all of them at once, when something in their packages is compiled. What the processor makes
     * of some and of its former result lacks what has the name of another.
     */
    private void outdateSettings(Set<String> compiled) throws IOException {
        Set<String> settings = new TreeSet<>();
        for (Unit unit : units.values()) {
            if (unit.classes().equals(MAIN)
                    && SETTINGS_MARK.matcher(Files.readString(unit.source())).find()) {
                settings.add(unit.name());
            }
        }
        Set<String> packages = settings.stream().map(StaleClasses::packageOf).collect(Collectors.toSet());
        if (compiled.stream().map(StaleClasses::packageOf).anyMatch(packages::contains)) {
            Files.deleteIfExists(METADATA);
            outdateAll(settings);
        }
    }

    /** Classes without a source, unless they are beside another class in a source of that one's name. */
    private Set<String> gone() throws IOException {
        Set<String> gone = new HashSet<>();
        for (Map.Entry<String, List<Path>> entry : classFiles.entrySet()) {
            if (!units.containsKey(entry.getKey())) {
                String source = Shape.source(Files.readAllBytes(entry.getValue().getFirst()));
                if (source.isEmpty()
                        || !units.containsKey(packageOf(entry.getKey()) + nameOf(Path.of(source), ".java"))) {
                    gone.add(entry.getKey());
                }
            }
        }
        return gone;
    }

    private Map<String, Path> namesOf(Unit unit) {
        Map<String, Path> names = new HashMap<>();
        for (Path file : classFiles.getOrDefault(unit.name(), List.of())) {
            names.put(nameOf(unit.classes().relativize(file), ".class"), file);
        }
        return names;
    }

    private static Map<String, Shape> visible(Map<String, Path> files) throws IOException {
        Map<String, Shape> shapes = new HashMap<>();
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            boolean isLocal = entry.getKey().matches(".*\\$\\d.*");
            if (!isLocal) {
                shapes.put(entry.getKey(), Shape.of(Files.readAllBytes(entry.getValue())));
            }
        }
        return shapes;
    }

    private static Set<String> constants(Map<String, Path> files) throws IOException {
        Set<String> constants = new TreeSet<>();
        visible(files).forEach((name, shape) -> constants.add(name + shape.constants()));
        return constants;
    }

    /** Who names one of the classes, and who names those of them that show it. */
    private Set<String> users(Set<String> classes, boolean areConstantsSeen) throws IOException {
        Set<String> users = new TreeSet<>();
        Map<String, Set<String>> references = classes.isEmpty() ? Map.of() : references();
        Set<String> seen = classes;
        while (!seen.isEmpty()) {
            Set<String> next = new TreeSet<>();
            for (String user : usersOf(seen, references)) {
                boolean isPossible = !isMain(user) || seen.stream().anyMatch(this::isMain);
                if (isPossible && users.add(user) && shows(user, seen, areConstantsSeen)) {
                    next.add(user);
                }
            }
            seen = next;
        }
        return users;
    }

    private boolean isMain(String name) {
        Unit unit = units.get(name);
        return unit == null || unit.classes().equals(MAIN);
    }

    /** What every class refers to: full names in its class files, simple names in its source. */
    private Map<String, Set<String>> references() throws IOException {
        Map<String, Set<String>> references = new HashMap<>();
        for (Map.Entry<String, List<Path>> entry : classFiles.entrySet()) {
            Set<String> found = references.computeIfAbsent(entry.getKey(), key -> new HashSet<>());
            for (Path file : entry.getValue()) {
                addMatches(REFERENCE, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1), found);
            }
        }
        for (Unit unit : units.values()) {
            Set<String> found = references.computeIfAbsent(unit.name(), key -> new HashSet<>());
            addMatches(WORD, Files.readString(unit.source()), found);
        }
        return references;
    }

    private static void addMatches(Pattern pattern, String text, Set<String> found) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
    }

    private static List<String> usersOf(Set<String> names, Map<String, Set<String>> references) {
        Set<String> wanted = new HashSet<>();
        Set<String> packages = new HashSet<>();
        for (String name : names) {
            if (name.endsWith(PACKAGE_INFO)) {
                packages.add(packageOf(name));
            } else {
                wanted.add(name);
                wanted.add(name.substring(packageOf(name).length()));
            }
        }
        return references.entrySet().stream()
                .filter(entry -> packages.contains(packageOf(entry.getKey()))
                        || entry.getValue().stream().anyMatch(wanted::contains))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether others may see one of the classes in this one: as a supertype, or in the values of constants. */
    private boolean shows(String user, Set<String> classes, boolean areConstantsSeen) throws IOException {
        for (Path file : classFiles.getOrDefault(user, List.of())) {
            byte[] content = Files.readAllBytes(file);
            if (areConstantsSeen && Shape.hasConstants(content)
                    || Shape.supertypes(content).stream().anyMatch(type -> classes.contains(outermost(type)))) {
                return true;
            }
        }
        return false;
    }

    private void outdateAll(Set<String> names) throws IOException {
        for (String name : names) {
            for (Path file : classFiles.getOrDefault(name, List.of())) {
                if (Files.exists(file)) {
                    Files.setLastModifiedTime(file, LONG_AGO);
                }
            }
        }
    }

    private void deleteAll(Set<String> names) throws IOException {
        for (String name : names) {
            for (Path file : classFiles.getOrDefault(name, List.of())) {
                Files.deleteIfExists(file);
            }
        }
    }
}
