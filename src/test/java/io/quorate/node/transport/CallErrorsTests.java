package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallErrorsTests {

    @ParameterizedTest
    @EnumSource
    void errorWhenItTravelsIsTheSame(RequestError error) {
        ByteBuf wire = Unpooled.buffer();
        CallErrors.write(new CompletionException(new RequestException(error)), wire);
        assertThat(CallErrors.read(wire))
                .isInstanceOfSatisfying(
                        RequestException.class, read -> assertThat(read.error()).isEqualTo(error));
        assertThat(wire.isReadable()).isFalse();
    }

    @Test
    void failureWhenItIsNoErrorOfARequestIsItsText() {
        ByteBuf wire = Unpooled.buffer();
        CallErrors.write(new IllegalStateException("the disk is gone"), wire);
        assertThat(CallErrors.read(wire)).isInstanceOf(PeerCallException.class).hasMessage("the disk is gone");
    }

    /** Earlier versions read the text alone, and write nothing else. */
    @Test
    void errorWhenTheOtherIsAnEarlierVersionIsKnownByItsName() {
        ByteBuf wire = Unpooled.buffer();
        CallErrors.write(new RequestException(RequestError.LEASE_NOT_FOUND), wire);
        assertThat(new String(MessageCodec.readBytes(wire), StandardCharsets.UTF_8))
                .isEqualTo("LEASE_NOT_FOUND");

        ByteBuf earlier = Unpooled.buffer();
        MessageCodec.writeBytes("NOT_LEADER".getBytes(StandardCharsets.UTF_8), earlier);
        assertThat(CallErrors.read(earlier))
                .isInstanceOfSatisfying(
                        RequestException.class, read -> assertThat(read.error()).isEqualTo(RequestError.NOT_LEADER));
    }

    /** A later version may have errors that this one does not know. */
    @Test
    void errorWhenItIsUnknownIsItsText() {
        ByteBuf wire = Unpooled.buffer();
        MessageCodec.writeBytes("NOT_THOUGHT_OF".getBytes(StandardCharsets.UTF_8), wire);
        wire.writeInt(9999);
        assertThat(CallErrors.read(wire)).isInstanceOf(PeerCallException.class).hasMessage("NOT_THOUGHT_OF");
    }

    /** A number that was given once stays: members of other versions know it. */
    @Test
    void codesWhenComparedAreThoseOfEarlierVersions() {
        assertThat(Arrays.stream(RequestError.values())
                        .filter(error -> CallErrors.code(error) != 0)
                        .sorted(Comparator.comparingInt(CallErrors::code))
                        .map(error -> CallErrors.code(error) + " " + error)
                        .collect(Collectors.joining("\n")))
                .startsWith("""
                        1 EMPTY_KEY
                        2 KEY_NOT_FOUND
                        3 VALUE_PROVIDED
                        4 LEASE_PROVIDED
                        5 TOO_MANY_OPERATIONS
                        6 DUPLICATE_KEY
                        7 INVALID_SORT_OPTION
                        8 COMPACTED
                        9 FUTURE_REVISION
                        10 NO_SPACE
                        11 CORRUPT
                        12 LEASE_NOT_FOUND
                        13 LEASE_EXISTS
                        14 LEASE_TTL_TOO_LARGE
                        15 NOT_PRIMARY_LESSOR
                        16 MEMBER_NOT_FOUND
                        17 MEMBER_EXISTS
                        18 PEER_URL_EXISTS
                        19 MEMBER_URLS_INVALID
                        20 MEMBER_NOT_LEARNER
                        21 LEARNER_NOT_READY
                        22 TOO_MANY_LEARNERS
                        23 NOT_ENOUGH_STARTED_MEMBERS
                        24 UNHEALTHY_CLUSTER
                        25 BAD_LEADER_TRANSFEREE
                        26 LEADER_TRANSFER_TIMEOUT
                        27 DOWNGRADE_VERSION_FORMAT
                        28 DOWNGRADE_TARGET_INVALID
                        29 DOWNGRADE_IN_PROGRESS
                        30 CLUSTER_VERSION_UNKNOWN
                        31 NOT_SUPPORTED_FOR_LEARNER
                        32 REQUEST_TOO_LARGE
                        33 TOO_MANY_REQUESTS
                        34 NO_LEADER
                        35 NOT_LEADER
                        36 LEADER_CHANGED
                        37 STOPPED
                        38 TIMEOUT
                        39 TIMEOUT_LEADER_FAILURE
                        40 TIMEOUT_CONNECTION_LOST
                        41 TIMEOUT_WAITING_APPLIED
                        42 INVALID_CLIENT_API_VERSION
                        43 NOT_APPLICABLE
                        44 UNKNOWN_METHOD\
                        """);
    }
}
