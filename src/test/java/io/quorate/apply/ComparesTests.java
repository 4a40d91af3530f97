package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static io.quorate.apply.ApplyFixture.compare;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.mvcc.ReadView;
import io.quorate.proto.Compare;
import io.quorate.proto.Compare.CompareResult;
import io.quorate.proto.Compare.CompareTarget;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Three keys: a written once, b twice, c once and with a lease. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComparesTests {

    private ApplyFixture fixture;

    @BeforeAll
    void write(@TempDir Path directory) {
        fixture = new ApplyFixture(directory);
        fixture.apply(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(5).setTTL(60)));
        fixture.put("a", "1"); // revision 2
        fixture.put("b", "0"); // 3
        fixture.put("b", "2"); // 4
        fixture.apply(InternalRaftRequest.newBuilder().setPut(putOf("c", "3").setLease(5))); // 5
    }

    @AfterAll
    void close() {
        fixture.close();
    }

    private boolean holds(Compare.Builder... compares) {
        List<Compare> all = Arrays.stream(compares).map(Compare.Builder::build).toList();
        try (ReadView view = fixture.store.read()) {
            return Compares.hold(all, view);
        }
    }

    private static Compare.Builder version(String key, CompareResult result, long version) {
        return compare(key).setTarget(CompareTarget.VERSION).setResult(result).setVersion(version);
    }

    private static Compare.Builder created(String key, CompareResult result, long revision) {
        return compare(key).setTarget(CompareTarget.CREATE).setResult(result).setCreateRevision(revision);
    }

    private static Compare.Builder modified(String key, CompareResult result, long revision) {
        return compare(key).setTarget(CompareTarget.MOD).setResult(result).setModRevision(revision);
    }

    private static Compare.Builder value(String key, CompareResult result, String value) {
        return compare(key).setTarget(CompareTarget.VALUE).setResult(result).setValue(bytes(value));
    }

    private static Compare.Builder lease(String key, CompareResult result, long lease) {
        return compare(key).setTarget(CompareTarget.LEASE).setResult(result).setLease(lease);
    }

    @Test
    void holdWhenThereAreNoneIsTrue() {
        assertThat(holds()).isTrue();
    }

    @Test
    void holdWhenOneOfThemFailsIsFalse() {
        assertThat(holds(version("a", CompareResult.EQUAL, 1), version("b", CompareResult.EQUAL, 2)))
                .isTrue();
        assertThat(holds(version("a", CompareResult.EQUAL, 1), version("b", CompareResult.EQUAL, 1)))
                .isFalse();
        assertThat(holds(version("a", CompareResult.EQUAL, 2), version("b", CompareResult.EQUAL, 2)))
                .isFalse();
    }

    @Test
    void holdComparesTheTargetThatIsAskedFor() {
        assertThat(holds(version("b", CompareResult.EQUAL, 2))).isTrue();
        assertThat(holds(created("b", CompareResult.EQUAL, 3))).isTrue();
        assertThat(holds(modified("b", CompareResult.EQUAL, 4))).isTrue();
        assertThat(holds(lease("c", CompareResult.EQUAL, 5))).isTrue();
        assertThat(holds(value("b", CompareResult.EQUAL, "2"))).isTrue();
        assertThat(holds(version("b", CompareResult.EQUAL, 3))).isFalse();
        assertThat(holds(created("b", CompareResult.EQUAL, 4))).isFalse();
        assertThat(holds(modified("b", CompareResult.EQUAL, 3))).isFalse();
        assertThat(holds(lease("c", CompareResult.EQUAL, 0))).isFalse();
        assertThat(holds(value("b", CompareResult.EQUAL, "0"))).isFalse();
    }

    @Test
    void holdTellsLessFromEqualFromGreater() {
        assertThat(holds(modified("b", CompareResult.GREATER, 3))).isTrue();
        assertThat(holds(modified("b", CompareResult.GREATER, 4))).isFalse();
        assertThat(holds(modified("b", CompareResult.LESS, 5))).isTrue();
        assertThat(holds(modified("b", CompareResult.LESS, 4))).isFalse();
        assertThat(holds(modified("b", CompareResult.NOT_EQUAL, 3))).isTrue();
        assertThat(holds(modified("b", CompareResult.NOT_EQUAL, 4))).isFalse();
        assertThat(holds(value("b", CompareResult.GREATER, "1"))).isTrue();
        assertThat(holds(value("b", CompareResult.GREATER, "2"))).isFalse();
        assertThat(holds(value("b", CompareResult.LESS, "3"))).isTrue();
        assertThat(holds(value("b", CompareResult.NOT_EQUAL, "2"))).isFalse();
    }

    @Test
    void holdWhenAKeyIsMissingComparesZerosButNoValue() {
        assertThat(holds(version("x", CompareResult.EQUAL, 0))).isTrue();
        assertThat(holds(created("x", CompareResult.EQUAL, 0))).isTrue();
        assertThat(holds(modified("x", CompareResult.LESS, 1))).isTrue();
        assertThat(holds(lease("x", CompareResult.EQUAL, 0))).isTrue();
        assertThat(holds(value("x", CompareResult.NOT_EQUAL, "1"))).isFalse();
        assertThat(holds(value("x", CompareResult.EQUAL, ""))).isFalse();
    }

    /** A key whose first holds and another does not must not pass. */
    @Test
    void holdWhenAskedForARangeLooksAtEveryKeyOfIt() {
        assertThat(holds(modified("a", CompareResult.GREATER, 1).setRangeEnd(bytes("d"))))
                .isTrue();
        assertThat(holds(modified("a", CompareResult.EQUAL, 2).setRangeEnd(bytes("d"))))
                .isFalse();
        assertThat(holds(modified("a", CompareResult.EQUAL, 2).setRangeEnd(bytes("b"))))
                .isTrue();
        assertThat(holds(modified("a", CompareResult.LESS, 5).setRangeEnd(bytes("c"))))
                .isTrue();
        assertThat(holds(modified("a", CompareResult.LESS, 5).setRangeEnd(bytes("d"))))
                .as("the last of the range")
                .isFalse();
        assertThat(holds(modified("a", CompareResult.GREATER, 2).setRangeEnd(bytes("d"))))
                .as("the first of the range")
                .isFalse();
    }

    @Test
    void holdWhenAskedForValuesOfARangeLooksAtEveryKeyOfIt() {
        assertThat(holds(value("a", CompareResult.GREATER, "0").setRangeEnd(bytes("d"))))
                .isTrue();
        assertThat(holds(value("a", CompareResult.LESS, "3").setRangeEnd(bytes("d"))))
                .isFalse();
        assertThat(holds(value("a", CompareResult.LESS, "3").setRangeEnd(bytes("c"))))
                .isTrue();
        assertThat(holds(value("a", CompareResult.EQUAL, "1").setRangeEnd(bytes("d"))))
                .isFalse();
    }

    @Test
    void holdWhenARangeIsEmptyComparesZerosButNoValue() {
        assertThat(holds(version("x", CompareResult.EQUAL, 0).setRangeEnd(bytes("z"))))
                .isTrue();
        assertThat(holds(version("x", CompareResult.GREATER, 0).setRangeEnd(bytes("z"))))
                .isFalse();
        assertThat(holds(value("x", CompareResult.NOT_EQUAL, "1").setRangeEnd(bytes("z"))))
                .isFalse();
    }
}
