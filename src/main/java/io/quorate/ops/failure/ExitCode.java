package io.quorate.ops.failure;

import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.config.BadSettingException;
import io.quorate.config.BadUrlException;
import io.quorate.config.SettingsFileLoader.BadSettingsFileException;
import io.quorate.config.UnknownSettingException;
import io.quorate.membership.MembershipException.MemberRemovedException;
import io.quorate.membership.MembershipException.WrongClusterException;
import io.quorate.node.Bootstrap.ForeignLogException;
import io.quorate.node.wal.WalCorruptException;
import io.quorate.storage.StorageException.DirectoryLockedException;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import io.quorate.storage.StorageException.NewerFormatException;
import io.quorate.storage.StorageException.StorageCorruptException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How the process ends. A supervisor may start it again after {@link #FAILURE} and {@link #FAULT}; the others
 * need an operator to act first. A 3 does not come from here: the virtual machine ends with it when the heap is
 * exhausted, if it is started with {@code -XX:+ExitOnOutOfMemoryError}, as the image and {@code bin/quorate} do.
 */
public enum ExitCode implements ExitCodeGenerator {
    /** Stopped because it was told to. */
    STOPPED(0),
    /** Could not start, for a reason not listed here. */
    FAILURE(1),
    /** A setting does not exist or has a value that cannot be used. */
    BAD_SETTING(2),
    /** The data directory is in use by another process. */
    DIRECTORY_LOCKED(4),
    /** The data directory belongs to something else, to another cluster, or to a later version. */
    FOREIGN_DIRECTORY(5),
    /** What is on disk is not what was written; the member must be rebuilt. */
    CORRUPT_DATA(6),
    /** Stopped itself because going on could have broken a promise: a failed fsync, a broken invariant. */
    FAULT(7),
    /** The member was removed from its cluster. */
    REMOVED(8),
    /** Something else listens where the member should. */
    PORT_IN_USE(9);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    @Override
    public int getExitCode() {
        return code;
    }

    /** The code for what ended the start, found by its nearest known cause. */
    public static ExitCode of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            ExitCode code = known(cause);
            if (code != null) {
                return code;
            }
        }
        return FAILURE;
    }

    private static @Nullable ExitCode known(Throwable cause) {
        return switch (cause) {
            case BadSettingException bad -> BAD_SETTING;
            case BadSettingsFileException bad -> BAD_SETTING;
            case BadUrlException bad -> BAD_SETTING;
            case InvalidConfigurationPropertyValueException bad -> BAD_SETTING;
            case UnknownSettingException unknown -> BAD_SETTING;
            case BindException unreadable -> BAD_SETTING;
            case DirectoryLockedException locked -> DIRECTORY_LOCKED;
            case ForeignDirectoryException foreign -> FOREIGN_DIRECTORY;
            case ForeignLogException foreign -> FOREIGN_DIRECTORY;
            case NewerFormatException newer -> FOREIGN_DIRECTORY;
            case LostLogException lost -> CORRUPT_DATA;
            case StorageCorruptException corrupt -> CORRUPT_DATA;
            case WalCorruptException corrupt -> CORRUPT_DATA;
            case WrongClusterException wrong -> BAD_SETTING;
            case MemberRemovedException removed -> REMOVED;
            case Fault fault -> FAULT;
            default -> AddressInUse.isMeantBy(cause) ? PORT_IN_USE : null;
        };
    }
}
