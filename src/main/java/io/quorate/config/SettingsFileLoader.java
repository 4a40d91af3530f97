package io.quorate.config;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads settings files as Boot does, and says which one is not well formed: the parsers know line and column, and not the file.
 * Boot asks the first loader that knows an extension, so this one has all extensions of both of Boot's, in their order.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class SettingsFileLoader implements PropertySourceLoader {

    private final PropertySourceLoader properties = new PropertiesPropertySourceLoader();
    private final PropertySourceLoader yaml = new YamlPropertySourceLoader();

    @Override
    public String[] getFileExtensions() {
        return Stream.of(properties, yaml)
                .flatMap(loader -> Stream.of(loader.getFileExtensions()))
                .toArray(String[]::new);
    }

    /** @throws BadSettingsFileException if the file is not well formed */
    @Override
    public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
        String file = Objects.toString(resource.getFilename(), "");
        boolean isYaml = Stream.of(yaml.getFileExtensions()).anyMatch(ending -> file.endsWith("." + ending));
        try {
            return (isYaml ? yaml : properties).load(name, resource);
        } catch (MarkedYAMLException bad) {
            throw new BadSettingsFileException(place(resource) + place(bad.getProblemMark()), problem(bad), bad);
        } catch (IllegalArgumentException | IllegalStateException bad) { // what loaders say of a file of another form
            throw new BadSettingsFileException(place(resource), oneLine(String.valueOf(bad.getMessage())), bad);
        }
    }

    private static String place(Resource resource) {
        try {
            return resource.isFile() ? resource.getFile().getPath() : resource.getDescription();
        } catch (IOException nowhere) { // it has another place than a file
            return resource.getDescription();
        }
    }

    /** People count lines and columns from one. */
    private static String place(@Nullable Mark mark) {
        return mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }

    private static String problem(MarkedYAMLException bad) {
        String context = bad.getContext() == null ? "" : bad.getContext() + ", ";
        return oneLine(context + bad.getProblem());
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** A settings file that is not well formed; the message names the file, the place and what is wrong there, in one line. */
    public static final class BadSettingsFileException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        BadSettingsFileException(String place, String problem, Throwable cause) {
            super(place + ": " + problem, cause);
        }
    }
}
