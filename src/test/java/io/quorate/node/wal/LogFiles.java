package io.quorate.node.wal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.node.wal.PlainLog.Frame;
import java.util.ArrayList;
import java.util.List;

/** Looks at the files of the log that {@link LogScript} writes. */
final class LogFiles {

    private LogFiles() {}

    /** The segments, oldest first. */
    static List<SegmentName> names(MemoryDisk disk) {
        return disk.list(LogScript.DIRECTORY).stream()
                .flatMap(file -> SegmentName.parse(file).stream())
                .sorted()
                .toList();
    }

    /** The content of one segment. */
    static byte[] bytes(MemoryDisk disk, SegmentName name) {
        return disk.bytes(LogScript.DIRECTORY.resolve(name.toString()));
    }

    /** All frames of all segments. */
    static List<Frame> frames(MemoryDisk disk) throws InvalidProtocolBufferException {
        List<Frame> frames = new ArrayList<>();
        for (SegmentName name : names(disk)) {
            frames.addAll(PlainLog.frames(bytes(disk, name)));
        }
        return frames;
    }
}
