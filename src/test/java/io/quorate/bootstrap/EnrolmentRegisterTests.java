package io.quorate.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.membership.Member;
import io.quorate.membership.MemoryMembers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentRegisterTests {

    @TempDir
    Path directory;

    private final MemoryMembers members = new MemoryMembers();

    @Test
    void answerWhenTheSameLogEnrolsAgainAcceptsItAlsoAfterARestart() {
        assertThat(answer(2, 5)).isEqualTo(Enrolment.ACCEPTED);
        assertThat(answer(2, 5)).isEqualTo(Enrolment.ACCEPTED);
    }

    @Test
    void answerWhenAnotherLogEnrolsRefusesItAlsoAfterARestart() {
        assertThat(answer(2, 5)).isEqualTo(Enrolment.ACCEPTED);
        assertThat(answer(2, 6)).isEqualTo(Enrolment.REFUSED);
        assertThat(answer(3, 6)).isEqualTo(Enrolment.ACCEPTED);
    }

    @Test
    void answerWhenTheMemberIsKnownToHaveRunRefusesIt() {
        members.store(new Member(2L, "m2", List.of("http://m2:2380"), List.of("http://m2:2379"), false));
        assertThat(answer(2, 5)).isEqualTo(Enrolment.REFUSED);
    }

    @Test
    void answerWhenTheMemberIsAFounderThatHasNotRunAcceptsIt() {
        members.store(new Member(2L, "m2", List.of("http://m2:2380"), List.of(), false));
        assertThat(answer(2, 5)).isEqualTo(Enrolment.ACCEPTED);
    }

    @Test
    void answerWhenTheRegisterIsOfAnotherClusterForgetsIt() throws Exception {
        Files.writeString(directory.resolve("incarnations.properties"), "cluster=abc\n2=5\n");
        assertThat(answer(2, 6)).isEqualTo(Enrolment.ACCEPTED);
        assertThat(answer(2, 5)).isEqualTo(Enrolment.REFUSED);
    }

    @Test
    void answerWhenTheRequestIsShortFails() {
        var register = new EnrolmentRegister(directory, members.open(), Runnable::run);
        assertThat(register.answer(2, new byte[3])).isCompletedExceptionally();
    }

    /** By a register that has just been opened, so that only what is on disk counts. */
    private byte answer(long from, long incarnation) {
        var register = new EnrolmentRegister(directory, members.open(), Runnable::run);
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(incarnation).array();
        return register.answer(from, request).toCompletableFuture().join()[0];
    }
}
