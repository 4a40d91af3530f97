package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.BackedUpState;
import io.quorate.backup.archive.ArchiveCheck;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveWriter;
import io.quorate.backup.archive.Point;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Witness;
import io.quorate.backup.archive.Writing;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Database;
import io.quorate.storage.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Segments carry hashes of the history, by which a verification without any member notices a segment with other changes. */
class SegmentWitnessTests extends AgentCase {

    private ArchiveCheck.Report verifyAlone() throws IOException {
        return new ArchiveCheck(store, member.seal, member.scratch)
                .run(member.plan(new RestoreTarget.Newest()), ArchiveCheck.NOBODY);
    }

    @Test
    void segmentWhenAMinuteHasPassedCarriesAHashOfTheHistory() throws IOException {
        member.state.put("a", "1");
        member.step();
        member.state.put("a", "2");
        member.interval();
        assertThat(verifyAlone().witnessed()).isEqualTo(2);
        member.clock.advance(Duration.ofMinutes(1));
        long hashed = member.state.put("a", "3");
        member.interval();
        assertThat(verifyAlone().witnessed()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            member.state.put("a", "4");
            member.interval();
            assertThat(verifyAlone().witnessed()).isEqualTo(hashed);
        }
        member.state.compact(hashed);
        member.state.put("b", "1");
        member.interval();
        assertThat(verifyAlone().witnessed()).isEqualTo(hashed);
    }

    /** A pass over the whole history must not be what the member is busy with. */
    @Test
    void hashWhenItTookLongRestsAHundredTimesAsLong() {
        long[] seconds = {0};
        Witnesses witnesses =
                new Witnesses(() -> Duration.ofSeconds(++seconds[0]).toNanos());
        Point end = new Point(member.state.put("a", "1"), 0);
        try (View view = member.state.database().view()) {
            StoredHistory history = new StoredHistory(view);
            assertThat(witnesses.isDue(end)).isTrue();
            Witness computed = witnesses.compute(history, end.revision(), witnesses.beginning());
            assertThat(witnesses.newest()).isEqualTo(computed);
            seconds[0] += 1000;
            assertThat(witnesses.isDue(end)).isFalse();
            assertThat(witnesses.isDue(new Point(end.revision() + 1, 0))).isTrue();
            witnesses.forget();
            assertThat(witnesses.newest()).isEqualTo(Witness.NONE);
            Witness unused = witnesses.compute(history, end.revision(), witnesses.beginning() - 1);
            assertThat(witnesses.newest()).isEqualTo(Witness.NONE);
            seconds[0] += 90;
            assertThat(witnesses.isDue(end)).isFalse();
            seconds[0] += 10;
            assertThat(witnesses.isDue(end)).isTrue();
        }
    }

    /** What a member with a fault might write: the right points, and something else between them. */
    @Test
    void segmentWhenItHasOtherChangesThanTheMemberIsNoticed() throws IOException {
        member.step();
        member.state.put("a", "1");
        member.state.put("a", "2");
        member.state.put("a", "3");
        member.interval();
        Segment name = segments().getFirst();
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        try (BackedUpState other = new BackedUpState(elsewhere.resolve("db"));
                View view = write(other, "1", "other", "3").view()) {
            long unused = new ArchiveWriter(store, new Writing(member.seal, true, Database.FORMAT, 1))
                    .write(name, new StoredHistory(view), Witness.NONE);
        }
        assertThat(verifyAlone().revision()).isEqualTo(4);

        member.clock.advance(Duration.ofMinutes(1));
        member.state.put("a", "4");
        member.interval();
        member.state.put("a", "5");
        member.interval();
        assertThatThrownBy(this::verifyAlone)
                .hasMessageContaining("the backup is not the history that the member had: HashKV up to revision 5");
    }

    private static Database write(BackedUpState state, String... values) {
        for (String value : values) {
            state.put("a", value);
        }
        return state.database();
    }

    private List<Segment> segments() throws IOException {
        List<Segment> found = new ArrayList<>();
        member.listing().segments(Instant.MIN, (segment, bytes) -> found.add(segment));
        return found;
    }
}
