package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Numbered;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Members of different versions talk to each other, and read logs of earlier ones: a number that was given once stays, and a
 * new constant gets a new one, which is added here.
 */
class WireNumbersTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            node.transport.Lane | CONTROL 0 LOG 1 CALL 2 SNAPSHOT 3 MEMBERS 4
            node.transport.FrameType | HELLO 0 WELCOME 1 REFUSED 2 MESSAGES 3 PING 4 PONG 5 REQUEST 6 RESPONSE 7 SNAPSHOT_BEGIN 8 \
            FILE_BEGIN 9 FILE_BYTES 10 FILE_END 11 SNAPSHOT_END 12 SNAPSHOT_DONE 13 SNAPSHOT_HAVE 14
            node.transport.Refusal | MALFORMED 0 VERSION 1 CLUSTER 2 MEMBER 3 REMOVED 4 FORGOTTEN 5
            raft.MessageType | HUP 0 BEAT 1 PROP 2 APP 3 APP_RESP 4 VOTE 5 VOTE_RESP 6 SNAP 7 HEARTBEAT 8 HEARTBEAT_RESP 9 \
            UNREACHABLE 10 SNAP_STATUS 11 CHECK_QUORUM 12 TRANSFER_LEADER 13 TIMEOUT_NOW 14 READ_INDEX 15 READ_INDEX_RESP 16 \
            PRE_VOTE 17 PRE_VOTE_RESP 18 STORAGE_APPEND 19 STORAGE_APPEND_RESP 20 STORAGE_APPLY 21 STORAGE_APPLY_RESP 22 \
            FORGET_LEADER 23
            raft.EntryType | NORMAL 0 CONF_CHANGE 1 CONF_CHANGE_V2 2
            raft.confchange.ChangeType | ADD_NODE 0 REMOVE_NODE 1 UPDATE_NODE 2 ADD_LEARNER_NODE 3
            raft.confchange.Transition | AUTO 0 JOINT_IMPLICIT 1 JOINT_EXPLICIT 2
            node.wal.RecordType | METADATA 1 ENTRY 2 STATE 3 CRC 4 SNAPSHOT 5
            proposal.LeaderCall | RENEW 0 TIME_TO_LIVE 1 PROMOTE 2
            integrity.IntegrityCall | HASH 16 COMPACTION_HASH 17 DIFFERS 18
            """)
    void numbersWhenComparedAreThoseOfEarlierVersions(String type, String numbers) throws ClassNotFoundException {
        assertThat(Arrays.stream(Class.forName("io.quorate." + type).getEnumConstants())
                        .map(constant -> constant + " " + ((Numbered) constant).number())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(numbers.replaceAll("\\s+", " "));
    }
}
