package io.quorate.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/**
 * What the disk says about the files of settings without reading them: a look costs microseconds, where reading them as a start does
 * costs tens of milliseconds. It sees the places where Spring looks by itself and those that {@code spring.config.location},
 * {@code spring.config.additional-location} and {@code spring.config.import} name; not what a file imports in turn.
 */
public final class SettingsFiles {

    private static final List<String> KINDS = List.of(".yml", ".yaml", ".properties");

    /** Files of one directory that are looked at, so that a crowded one costs no more. */
    private static final int FILES_MAX = 1000;

    private final List<Place> places = new ArrayList<>();

    /**
     * Where files may be.
     *
     * @param path a file, or a directory with files
     * @param deep whether the files are in the directories in it
     * @param any whether files of all names count, not only those that Spring reads
     */
    private record Place(Path path, boolean deep, boolean any) {}

    /** @param environment of the running member, which knows the locations that it was told */
    public SettingsFiles(Environment environment) {
        Path here = Path.of("").toAbsolutePath();
        places.add(new Place(here, false, false));
        places.add(new Place(here.resolve("config"), false, false));
        places.add(new Place(here.resolve("config"), true, false));
        Stream.of("spring.config.location", "spring.config.additional-location", "spring.config.import")
                .map(name -> environment.getProperty(name, ""))
                .flatMap(value -> Stream.of(value.split("[,;]")))
                .forEach(this::add);
    }

    private void add(String location) {
        String text = location.strip().replaceFirst("^optional:", "");
        boolean any = text.startsWith("configtree:");
        text = text.replaceFirst("^configtree:", "").replaceFirst("^file:(//)?", "");
        if (text.isEmpty() || text.contains(":")) {
            return; // on the class path, or of a kind that is no file
        }
        boolean deep = text.contains("*");
        places.add(new Place(Path.of(text.replaceFirst("/?\\*.*$", "")).toAbsolutePath(), deep, any));
    }

    /** One line for each file that is there; two looks are equal as long as no file was changed, replaced, added or removed. */
    public List<String> look() {
        List<String> found = new ArrayList<>();
        for (Place place : places) {
            if (place.deep) {
                files(place.path).stream().filter(Files::isDirectory).forEach(inner -> lookAt(inner, place.any, found));
            } else {
                lookAt(place.path, place.any, found);
            }
        }
        return found;
    }

    private static void lookAt(Path path, boolean any, List<String> found) {
        if (Files.isRegularFile(path)) {
            found.add(describe(path));
        } else {
            files(path).stream()
                    .filter(file -> any || KINDS.stream().anyMatch(file.toString()::endsWith))
                    .forEach(file -> found.add(describe(file)));
        }
    }

    /** In a fixed order; none where there is no directory. */
    private static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                for (Path file : stream) {
                    if (files.size() == FILES_MAX) {
                        break;
                    }
                    files.add(file);
                }
            } catch (IOException | DirectoryIteratorException e) {
                files.add(Path.of("unreadable")); // reading it will say why
            }
        }
        files.sort(null);
        return files;
    }

    /** Follows links, so that one that is pointed elsewhere is another file. */
    private static String describe(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s %s %d %s".formatted(file, found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (IOException e) {
            return file + " " + e.getClass().getSimpleName(); // gone meanwhile, or a link to nothing
        }
    }
}
