package io.quorate.config;

/** A settings file that is not well formed; the message names the file, the place and what is wrong there, in one line. */
public final class BadSettingsFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadSettingsFileException(String place, String problem, Throwable cause) {
        super(place + ": " + problem, cause);
    }
}
