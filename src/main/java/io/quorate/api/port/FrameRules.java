package io.quorate.api.port;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * What the heads of a client's frames tell about streams that there are no more or never were (RFC 9113, section 5.1), where Netty looks
 * away: a stream that the client has ended is told from one that was refused, whose rest comes all the same. Remembers the newest
 * streams only. Used by one event loop.
 */
final class FrameRules {

    private static final int REMEMBERED = 256;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PRIORITY_BYTES = 5;

    private final Http2Connection connection;

    /** By the stream's place among those of clients: whether it was opened, and whether the client sends no more on it. */
    private final boolean[] opened = new boolean[REMEMBERED];

    private final boolean[] ended = new boolean[REMEMBERED];
    private int newest = -1;
    private boolean inHeaderBlock;

    FrameRules(Http2Connection connection) {
        this.connection = connection;
    }

    /** Whether the header block of a stream has begun and not ended. */
    boolean inHeaderBlock() {
        return inHeaderBlock;
    }

    /** What becomes of a frame. */
    enum Verdict {
        PASS,
        DROP,
        /** It is dropped, and its stream reset. */
        REFUSE
    }

    /** Whether the answer of {@link #judge} depends on what came before having been read. */
    boolean dependsOnStreams(int type, int stream) {
        return type == Http2FrameTypes.DATA && stream != 0 && connection.stream(stream) == null;
    }

    /**
     * Judges a frame by its head; asked once for each, in their order.
     *
     * @throws Http2Exception if it ends the connection
     */
    Verdict judge(int type, int flags, int stream, int length) throws Http2Exception {
        return switch (type) {
            case Http2FrameTypes.HEADERS -> headers(flags, stream);
            case Http2FrameTypes.CONTINUATION -> {
                inHeaderBlock &= (flags & END_HEADERS) == 0;
                yield Verdict.PASS;
            }
            case Http2FrameTypes.DATA -> data(flags, stream);
            case Http2FrameTypes.PRIORITY -> // means nothing any more; Netty says what is wrong with one
                inHeaderBlock || stream == 0 || length != PRIORITY_BYTES ? Verdict.PASS : Verdict.DROP;
            case Http2FrameTypes.RST_STREAM -> {
                end(stream);
                yield Verdict.PASS;
            }
            default -> Verdict.PASS;
        };
    }

    private Verdict headers(int flags, int stream) throws Http2Exception {
        if (inHeaderBlock || !isOfClient(stream)) {
            return Verdict.PASS;
        }
        inHeaderBlock = (flags & END_HEADERS) == 0;
        int place = place(stream);
        if (place > newest) {
            open(place);
        } else if (isRemembered(place)) {
            if (!opened[place % REMEMBERED]) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "stream %d comes behind a later one", stream);
            }
            if (ended[place % REMEMBERED]) {
                throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "stream %d was ended", stream);
            }
        }
        if ((flags & END_STREAM) != 0) {
            end(stream);
        }
        return Verdict.PASS;
    }

    private Verdict data(int flags, int stream) throws Http2Exception {
        if (inHeaderBlock || !isOfClient(stream)) {
            return Verdict.PASS;
        }
        int place = place(stream);
        boolean known = isRemembered(place);
        if (place > newest || known && !opened[place % REMEMBERED]) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "data on stream %d, which is idle", stream);
        }
        if (connection.stream(stream) != null) {
            if ((flags & END_STREAM) != 0) {
                end(stream);
            }
            return Verdict.PASS;
        }
        if (known && ended[place % REMEMBERED]) {
            ended[place % REMEMBERED] = false; // said once
            return Verdict.REFUSE;
        }
        return Verdict.DROP;
    }

    private void open(int place) {
        for (int skipped = Math.max(newest + 1, place - REMEMBERED + 1); skipped < place; skipped++) {
            opened[skipped % REMEMBERED] = false;
        }
        opened[place % REMEMBERED] = true;
        ended[place % REMEMBERED] = false;
        newest = place;
    }

    private void end(int stream) {
        if (isOfClient(stream) && isRemembered(place(stream))) {
            ended[place(stream) % REMEMBERED] = true;
        }
    }

    private static boolean isOfClient(int stream) {
        return (stream & 1) == 1;
    }

    private static int place(int stream) {
        return stream >>> 1;
    }

    private boolean isRemembered(int place) {
        return place <= newest && place > newest - REMEMBERED;
    }
}
