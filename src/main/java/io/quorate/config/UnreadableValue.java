package io.quorate.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/** Says of a value that has another form than its setting what the form is, whatever Spring calls the conversion. */
public final class UnreadableValue {

    private UnreadableValue() {}

    /** The setting that could not be read or was refused, or nothing if something else failed. */
    public static Optional<BadSettingException> in(Throwable failure) {
        BindException innermost = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case BadSettingException bad -> {
                    return Optional.of(bad);
                }
                case InvalidConfigurationPropertyValueException bad -> {
                    return Optional.of(new BadSettingException(
                            bad.getName(),
                            Objects.toString(bad.getValue(), "''"),
                            Objects.requireNonNullElse(bad.getReason(), "cannot be used")));
                }
                case BindException binding -> innermost = binding;
                default -> {
                    // a cause further down may say it
                }
            }
        }
        return Optional.ofNullable(innermost).map(UnreadableValue::of);
    }

    private static BadSettingException of(BindException failure) {
        ConfigurationProperty property = failure.getProperty();
        Object value = property == null ? "''" : Objects.requireNonNullElse(property.getValue(), "''");
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        String form = form(type);
        return new BadSettingException(
                failure.getName().toString(), value, form == null ? "cannot be read: " + root(failure) : form);
    }

    private static @Nullable String form(Class<?> type) {
        if (type.isEnum()) {
            return "must be one of "
                    + Stream.of(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        if (type == Duration.class) {
            return "must be a time like 100ms, 5s, 10m or 2h";
        }
        if (type == DataSize.class) {
            return "must be a size like 512KB, 100MB or 2GB, or a number of bytes";
        }
        if (type == int.class || type == Integer.class) {
            return "must be a whole number, at most " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class) {
            return "must be a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        return InetAddress.class.isAssignableFrom(type) ? "must be an address of this machine, like 127.0.0.1" : null;
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return SettingsFileLoader.oneLine(String.valueOf(root.getMessage()));
    }
}
