package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileDescriptorsTests {

    @Test
    void ofWhenThereAreFewKeepsAsManyAsEtcd() {
        assertThat(FileDescriptors.of(400, 150)).isEqualTo(new FileDescriptors(100, 75, 37));
    }

    @Test
    void ofWhenThereAreNoneLeftStillServesSomeClients() {
        assertThat(FileDescriptors.of(100, 150).clients()).isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(longs = {400, 1024, 4096, 65_536, 1 << 20, Integer.MAX_VALUE, Long.MAX_VALUE})
    void ofWhenConnectionsTakeAllTheyMayLeavesSomeForTheStore(long most) {
        FileDescriptors shares = FileDescriptors.of(most, 120);
        long connections = (long) shares.clients() + shares.peers() + shares.operators();
        assertThat(most - 120 - connections).isGreaterThanOrEqualTo(37);
    }
}
