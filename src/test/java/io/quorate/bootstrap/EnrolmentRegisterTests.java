package io.quorate.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.LostLogException;
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
        var register = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        assertThat(register.answer(2, new byte[3])).isCompletedExceptionally();
    }

    /** By a register that has just been opened, so that only what is on disk counts. */
    private byte answer(long from, long incarnation) {
        var register = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(incarnation).array();
        return register.answer(from, request).toCompletableFuture().join()[0];
    }

    @Test
    void metWhenTheMemberIsKnownKeepsItsFirstLogOverARestart() {
        members.store(new Member(2L, "m2", List.of("http://m2:2380"), List.of("http://m2:2379"), false));
        var register = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        assertThat(register.of(2)).isZero();
        register.met(2, 5);
        register.met(2, 6);
        var again = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        assertThat(again.of(2)).isEqualTo(5);
        assertThat(again.contradicts(2, 6)).isTrue();
        assertThat(again.contradicts(2, 5)).isFalse();
        assertThat(again.contradicts(2, 0)).isFalse();
        assertThat(answer(2, 6)).isEqualTo(Enrolment.REFUSED);
    }

    @Test
    void metWhenTheMemberIsUnknownOrTakesNoPartYetKeepsNothing() {
        members.store(new Member(2L, "m2", List.of("http://m2:2380"), List.of(), false));
        var register = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        register.met(2, 0);
        register.met(3, 5);
        assertThat(register.of(2)).isZero();
        assertThat(register.of(3)).isZero();
        assertThat(directory.resolve("incarnations.properties")).doesNotExist();
    }

    @Test
    void checkFirstStartWhenTheMemberHasTakenPartRefuses() {
        var register = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        register.checkFirstStart(Path.of("wal"));
        register.takesPart(7);
        assertThat(register.own()).isEqualTo(7);
        register.published();
        var again = new EnrolmentRegister(directory, members.open(), id -> id == 2, Runnable::run);
        assertThat(again.own()).isZero();
        assertThatThrownBy(() -> again.checkFirstStart(Path.of("wal")))
                .isInstanceOf(LostLogException.class)
                .hasMessageContaining("the log in wal is empty");
    }
}
