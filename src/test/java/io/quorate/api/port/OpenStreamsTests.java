package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenStreamsTests {

    private final OpenStreams streams = new OpenStreams();
    private final List<String> ended = new ArrayList<>();

    @Test
    void closeAllWhenStreamsAreOpenEndsEachOnce() {
        streams.register(() -> ended.add("a"));
        OpenStreams.Registration gone = streams.register(() -> ended.add("b"));
        gone.close();
        streams.closeAll();
        streams.closeAll();
        assertThat(ended).containsExactly("a");
        assertThat(streams.count()).isZero();
    }

    @Test
    void closeAllWhenOneStreamThrowsEndsTheOthers() {
        streams.register(() -> {
            throw new IllegalStateException("no");
        });
        streams.register(() -> ended.add("a"));
        streams.closeAll();
        assertThat(ended).containsExactly("a");
    }

    @Test
    void registerWhenAlreadyClosedEndsAtOnce() {
        streams.closeAll();
        streams.register(() -> ended.add("late"));
        assertThat(ended).containsExactly("late");
        assertThat(streams.count()).isZero();
    }
}
