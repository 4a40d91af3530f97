package io.quorate.tls;

import io.quorate.base.Agent;
import java.time.Duration;
import java.util.List;

/** Looks at the files of all ports, so often that a change is in use within a second. */
public final class TlsReload implements Agent {

    private static final Duration PERIOD = Duration.ofMillis(400);

    private final List<FollowedFiles> files;

    public TlsReload(List<FollowedFiles> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public String name() {
        return "tls-reload";
    }

    @Override
    public long doWork() {
        files.forEach(FollowedFiles::look);
        return PERIOD.toNanos();
    }
}
