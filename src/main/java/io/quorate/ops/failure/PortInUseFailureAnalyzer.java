package io.quorate.ops.failure;

import io.quorate.api.port.ListenAddress.ListenAddressInUseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Says which port is taken and by which setting it was chosen. */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RequiredArgsConstructor
class PortInUseFailureAnalyzer implements FailureAnalyzer {

    private static final List<String> SETTINGS = List.of(
            "quorate.listen-client-urls",
            "quorate.listen-client-http-urls",
            "quorate.listen-metrics-urls",
            "quorate.listen-peer-urls",
            "management.server.port");

    private final @Nullable Environment environment;

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        return AddressInUse.find(failure).map(this::analysis).orElse(null);
    }

    private FailureAnalysis analysis(Throwable cause) {
        if (cause instanceof ListenAddressInUseException inUse
                && inUse.address().socketFile()) {
            return new FailureAnalysis(
                    "The socket file " + inUse.address().host() + " is in use by another process.",
                    "Stop the other process, perhaps another member on this machine, or change the setting.",
                    cause);
        }
        Optional<Integer> port = port(cause);
        List<String> settings = SETTINGS.stream()
                .filter(setting -> port.isEmpty() || hasPort(setting, port.get()))
                .toList();
        String what = port.map(number -> "Port " + number + " is in use")
                .orElse("A port that this member must listen on is in use");
        String where = settings.stream()
                .map(setting -> setting + " = " + value(setting))
                .collect(Collectors.joining("\n    ", ":\n    ", ""));
        return new FailureAnalysis(
                what + " by another process" + (settings.isEmpty() ? "." : where),
                "Stop the other process, perhaps another member on this machine, or change the setting.",
                cause);
    }

    private static Optional<Integer> port(Throwable cause) {
        return switch (cause) {
            case PortInUseException inUse -> Optional.of(inUse.getPort());
            case ListenAddressInUseException inUse ->
                Optional.of(inUse.address().port());
            default -> Optional.empty();
        };
    }

    private boolean hasPort(String setting, int port) {
        return value(setting).matches("(.*:)?" + port + "(,.*)?");
    }

    /** All values of a list in one text. */
    private String value(String setting) {
        if (environment == null) {
            return "";
        }
        String[] values = environment.getProperty(setting, String[].class, new String[0]);
        return Arrays.stream(values).collect(Collectors.joining(","));
    }
}
