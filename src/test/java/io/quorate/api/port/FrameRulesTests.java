package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.quorate.api.port.FrameRules.Verdict;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What becomes of frames, by their heads alone. */
class FrameRulesTests {

    private static final int NONE = 0;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Http2Connection connection = new DefaultHttp2Connection(true);
    private final FrameRules rules = new FrameRules(connection);

    private Verdict headers(int stream, int flags) throws Http2Exception {
        Verdict verdict = rules.judge(Http2FrameTypes.HEADERS, flags, stream, 10);
        if (connection.stream(stream) == null && !connection.streamMayHaveExisted(stream)) {
            connection.remote().createStream(stream, false);
        }
        return verdict;
    }

    private Verdict data(int stream, int flags) throws Http2Exception {
        return rules.judge(Http2FrameTypes.DATA, flags, stream, 10);
    }

    private Verdict priority(int stream, int length) throws Http2Exception {
        return rules.judge(Http2FrameTypes.PRIORITY, NONE, stream, length);
    }

    private void close(int stream) {
        connection.stream(stream).close();
    }

    private static void assertEnds(ThrowingCallable frame, Http2Error error) {
        assertThatThrownBy(frame)
                .isInstanceOfSatisfying(
                        Http2Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void dataForAStreamThatWasRefusedIsDropped() throws Http2Exception {
        assertThat(headers(1, END_HEADERS)).isEqualTo(Verdict.PASS);
        assertThat(data(1, NONE)).isEqualTo(Verdict.PASS);
        close(1);
        assertThat(data(1, NONE)).isEqualTo(Verdict.DROP);
        assertThat(headers(1, END_HEADERS | END_STREAM)).isEqualTo(Verdict.PASS); // trailers, which Netty passes over
    }

    @Test
    void dataForAStreamThatTheClientEndedIsRefusedOnce() throws Http2Exception {
        headers(1, END_HEADERS);
        data(1, END_STREAM);
        close(1);
        assertThat(data(1, NONE)).isEqualTo(Verdict.REFUSE);
        assertThat(data(1, NONE)).isEqualTo(Verdict.DROP);
        headers(3, END_HEADERS);
        rules.judge(Http2FrameTypes.RST_STREAM, NONE, 3, 4);
        close(3);
        assertThat(data(3, NONE)).isEqualTo(Verdict.REFUSE);
    }

    @Test
    void framesForStreamsThatNeverWereEndTheConnection() throws Http2Exception {
        assertEnds(() -> data(1, NONE), Http2Error.PROTOCOL_ERROR);
        headers(5, END_HEADERS);
        assertEnds(() -> data(3, NONE), Http2Error.PROTOCOL_ERROR);
        assertEnds(() -> headers(3, END_HEADERS), Http2Error.PROTOCOL_ERROR);
        assertEnds(() -> data(7, NONE), Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void headersForAStreamThatTheClientEndedEndTheConnection() throws Http2Exception {
        headers(1, END_HEADERS | END_STREAM);
        assertEnds(() -> headers(1, END_HEADERS), Http2Error.STREAM_CLOSED);
    }

    @Test
    void streamsOfLongAgoAreNotTold() throws Http2Exception {
        headers(1, END_HEADERS | END_STREAM);
        close(1);
        headers(3, END_HEADERS);
        headers(2 * 257 + 1, END_HEADERS);
        assertThat(data(1, NONE)).isEqualTo(Verdict.DROP);
        assertThat(headers(1, END_HEADERS)).isEqualTo(Verdict.PASS);
        assertThat(data(3, NONE)).isEqualTo(Verdict.PASS);
        assertEnds(() -> data(2 * 200 + 1, NONE), Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void prioritiesAreDroppedUnlessSomethingIsWrongWithThem() throws Http2Exception {
        assertThat(priority(1, 5)).isEqualTo(Verdict.DROP);
        assertThat(priority(0, 5)).isEqualTo(Verdict.PASS);
        assertThat(priority(1, 4)).isEqualTo(Verdict.PASS);
        headers(1, NONE);
        assertThat(priority(1, 5)).isEqualTo(Verdict.PASS);
        rules.judge(Http2FrameTypes.CONTINUATION, END_HEADERS, 1, 3);
        assertThat(priority(1, 5)).isEqualTo(Verdict.DROP);
    }
}
