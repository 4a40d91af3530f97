package io.quorate.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.LostLogException;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTests {

    private static final long SELF = 2;
    private static final long INCARNATION = 77;

    @TempDir
    Path directory;

    private final Map<Long, Function<byte[], CompletionStage<byte[]>>> answering = new HashMap<>();
    private final List<String> released = new ArrayList<>();
    private final List<Throwable> refused = new ArrayList<>();

    @Test
    void pollWhenAMajorityOfTheOthersAcceptsReleasesTheNodeOnce() {
        Enrolment enrolment = enrolment(INCARNATION, 1, 3, 4, 5);
        answering.put(1L, register(1)::apply);
        answering.put(3L, register(3)::apply);
        enrolment.poll(0);
        assertThat(released).isEmpty();

        answering.put(4L, register(4)::apply);
        enrolment.poll(0);
        answering.put(5L, register(5)::apply);
        enrolment.poll(0);

        assertThat(released).hasSize(1);
        assertThat(refused).isEmpty();
    }

    @Test
    void pollWhenOneOfTwoOthersIsSilentWaits() {
        answering.put(1L, register(1)::apply);
        Enrolment enrolment = enrolment(INCARNATION, 1, 3);

        enrolment.poll(0);
        enrolment.poll(0);

        assertThat(released).isEmpty();
        assertThat(refused).isEmpty();
    }

    @Test
    void pollWhenAnotherLogEnrolledBeforeEndsTheMemberWithACure() {
        Function<byte[], CompletionStage<byte[]>> memory = register(1);
        answering.put(1L, memory);
        answering.put(3L, register(3));
        enrolment(INCARNATION, 1, 3).poll(0);
        assertThat(released).hasSize(1);

        Enrolment wiped = enrolment(INCARNATION + 1, 1, 3);
        wiped.poll(0);
        wiped.poll(0);

        assertThat(released).hasSize(1);
        assertThat(refused).singleElement().isInstanceOfSatisfying(LostLogException.class, lost -> {
            assertThat(lost).hasMessageContaining("member 2 has already been bootstrapped");
            assertThat(lost.cure()).contains("etcdctl member remove 2");
        });
    }

    @Test
    void pollWhenAnOlderVersionDoesNotKnowTheCallCountsItAsConsent() {
        answering.put(1L, request -> CompletableFuture.failedStage(new RequestException(RequestError.UNKNOWN_METHOD)));
        enrolment(INCARNATION, 1).poll(0);

        assertThat(released).hasSize(1);
    }

    @Test
    void pollWhenTheRegisterCannotBeWrittenDoesNotCountItAsConsent() {
        answering.put(1L, request -> failed("cannot write"));
        Enrolment enrolment = enrolment(INCARNATION, 1);
        enrolment.poll(0);
        assertThat(released).isEmpty();

        answering.put(1L, register(1));
        enrolment.poll(0);
        assertThat(released).hasSize(1);
    }

    private static CompletionStage<byte[]> failed(String message) {
        return CompletableFuture.failedStage(new IllegalStateException(message));
    }

    private Function<byte[], CompletionStage<byte[]>> register(long member) {
        Membership membership = new MemoryMembers().open();
        EnrolmentRegister register =
                new EnrolmentRegister(directory.resolve("m" + member), membership, id -> true, Runnable::run);
        return request -> register.answer(SELF, request);
    }

    private Enrolment enrolment(long incarnation, long... others) {
        Map<Long, String> names = new HashMap<>();
        for (long other : others) {
            names.put(other, "http://m" + other);
        }
        return new Enrolment(
                new Enrolment.Applicant(SELF, incarnation, "/data/wal"),
                names,
                (to, method, request, timeout) -> {
                    assertThat(method).isEqualTo(Enrolment.METHOD);
                    assertThat(ByteBuffer.wrap(request).getLong()).isEqualTo(incarnation);
                    var answer = answering.get(to);
                    return answer == null
                            ? CompletableFuture.failedFuture(new IllegalStateException("nobody is there"))
                            : answer.apply(request).toCompletableFuture();
                },
                () -> released.add("released"),
                refused::add);
    }
}
