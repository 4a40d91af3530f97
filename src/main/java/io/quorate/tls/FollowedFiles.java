package io.quorate.tls;

import io.quorate.base.Bytes;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import lombok.extern.slf4j.Slf4j;

/**
 * Files that belong together and are used anew when one changes. Their content is compared and not their time, so it does
 * not matter how they are replaced: written in place, renamed, or as a link that is pointed elsewhere.
 *
 * <p>A change is used once two checks in a row have read the same content: key and certificate are seldom replaced at the same
 * moment. Unusable files leave the credentials as they are, are read again at each check, and are reported once a minute. One
 * thread.
 */
@Slf4j
public final class FollowedFiles {

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);
    private static final int BYTES_MAX = 16 << 20;

    /** What the files are for. */
    @FunctionalInterface
    public interface User {

        /** Takes the content of all files, or leaves everything as it is. */
        void use(Map<Path, Bytes> contents) throws UnusableCredentialsException;
    }

    private final String what;
    private final Set<Path> files;
    private final User user;
    private final Throttle reports;
    private Map<Path, Bytes> inUse;
    private Map<Path, Bytes> seen;

    /**
     * @param what the files are, for the log
     * @param inUse their content as it is used already
     */
    public FollowedFiles(String what, Map<Path, Bytes> inUse, User user, MonotonicClock clock) {
        this.what = what;
        this.files = Set.copyOf(inUse.keySet());
        this.user = user;
        this.inUse = inUse;
        this.seen = inUse;
        this.reports = new Throttle(REPORT_EVERY, clock);
    }

    /** Reads all of them. @throws UnusableCredentialsException naming the one that cannot be read */
    public static Map<Path, Bytes> read(Collection<Path> files) throws UnusableCredentialsException {
        Map<Path, Bytes> contents = new LinkedHashMap<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(BYTES_MAX + 1);
                if (content.length > BYTES_MAX) {
                    throw new UnusableCredentialsException(
                            file.toString(), file + " is larger than " + BYTES_MAX + " bytes", null);
                }
                contents.put(file, Bytes.wrap(content));
            } catch (NoSuchFileException e) {
                throw new UnusableCredentialsException(
                        file.toString(), "cannot read " + file + ": there is no such file", e);
            } catch (IOException e) {
                throw new UnusableCredentialsException(file.toString(), "cannot read " + file + ": " + e, e);
            }
        }
        return contents;
    }

    /** Looks whether something has changed. */
    public void look() {
        try {
            Map<Path, Bytes> now = read(files);
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(inUse)) {
                user.use(now);
                inUse = now;
                log.info("{}: changed files are in use for new connections", what);
            }
        } catch (UnusableCredentialsException e) {
            long heldBack = reports.admit();
            if (heldBack != Throttle.HELD_BACK) {
                log.warn("{}: changed files cannot be used, those of before stay in use: {}", what, e.getMessage());
            }
        }
    }
}
