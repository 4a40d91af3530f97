package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.fixture.Expected;
import io.quorate.mvcc.Revision;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.tool.Tool.ToolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events of a watch as records, and how they are cut into steps. */
class RecordBatchTests {

    private final RecordBatch batch = new RecordBatch();

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> put(long revision, String key, int bytes) {
        return Map.of(
                "kv",
                Map.of(
                        "key",
                        base64(key),
                        "value",
                        base64("x".repeat(bytes)),
                        "create_revision",
                        "2",
                        "mod_revision",
                        Long.toString(revision),
                        "version",
                        "3",
                        "lease",
                        "7"));
    }

    private static Map<String, Object> deletion(long revision, String key) {
        return Map.of("type", "DELETE", "kv", Map.of("key", base64(key), "mod_revision", Long.toString(revision)));
    }

    private static String text(Map<String, Object> record, String field) {
        return Expected.present(record.get(field)).toString();
    }

    private static List<String> revisions(List<Map<String, Object>> records) {
        return records.stream()
                .map(record -> Base64.getDecoder().decode(text(record, "key")))
                .map(key -> Revision.parse(key).main() + "/"
                        + Revision.parse(key).sub() + (Revision.isTombstone(key) ? "t" : ""))
                .toList();
    }

    @Test
    void recordsWhenMadeOfEventsAreThoseOfEtcd() throws InvalidProtocolBufferException {
        batch.add(put(5, "a", 1));
        batch.add(deletion(5, "b"));
        batch.endRevision();
        List<Map<String, Object>> records = batch.firstRevisions();

        assertThat(revisions(records)).containsExactly("5/0", "5/1t");
        KeyValue put = KeyValue.parseFrom(Base64.getDecoder().decode(text(records.getFirst(), "value")));
        assertThat(put.getCreateRevision()).isEqualTo(2);
        assertThat(put.getVersion()).isEqualTo(3);
        assertThat(put.getLease()).isEqualTo(7);
        KeyValue deleted = KeyValue.parseFrom(Base64.getDecoder().decode(text(records.getLast(), "value")));
        assertThat(deleted)
                .isEqualTo(KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8("b"))
                        .build());
    }

    @Test
    void revisionWhenMoreMayComeIsNotSent() {
        batch.add(put(5, "a", 1));
        assertThat(batch.hasWhole()).isFalse();
        batch.add(put(6, "a", 1));
        assertThat(revisions(batch.firstRevisions())).containsExactly("5/0");
        batch.dropUpTo(5);
        assertThat(batch.hasWhole()).isFalse();
        batch.endRevision();
        assertThat(revisions(batch.firstRevisions())).containsExactly("6/0");
        batch.dropUpTo(6);
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void stepWhenRevisionsAreManyHasWholeOnesUpToItsBound() {
        for (int revision = 2; revision < 12; revision++) {
            batch.add(put(revision, "a", 100 << 10));
        }
        batch.endRevision();
        assertThat(batch.isFull()).isTrue();
        assertThat(revisions(batch.firstRevisions())).containsExactly("2/0", "3/0", "4/0", "5/0", "6/0");
        assertThat(batch.isFirstTooLarge()).isFalse();
    }

    @Test
    void revisionWhenTooLargeForAStepIsTakenInParts() {
        for (int i = 0; i < 20; i++) {
            batch.add(put(2, "key-" + i, 100 << 10));
        }
        assertThat(batch.isFirstTooLarge()).isTrue();
        assertThat(batch.isComplete(2)).isFalse();
        assertThat(batch.takeUpTo(2)).hasSize(5);
        batch.add(put(3, "a", 1));
        assertThat(batch.isComplete(2)).isTrue();
        int parts = 0;
        while (batch.firstRevision() == 2) {
            assertThat(batch.takeUpTo(2)).hasSizeBetween(1, 5);
            parts++;
        }
        assertThat(parts).isEqualTo(3);
        assertThat(batch.firstRevision()).isEqualTo(3);
    }

    @Test
    void recordWhenAloneIsNeverTooLarge() {
        batch.add(put(2, "a", 2 << 20));
        batch.endRevision();
        assertThat(batch.isFirstTooLarge()).isFalse();
        assertThat(batch.firstRevisions()).hasSize(1);
    }

    @Test
    void recordWhenAsLargeAsARequestIsLoadedAlone() {
        batch.add(put(2, "a", RecordBatch.BYTES_MAX - 1000));
        batch.add(put(3, "a", RecordBatch.REVISION_BYTES_MAX - 1000));
        batch.add(put(4, "a", 1));
        batch.endRevision();
        for (String each : List.of("2/0", "3/0", "4/0")) {
            assertThat(revisions(batch.takeUpTo(Long.MAX_VALUE))).containsExactly(each);
        }
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void eventWhenWithoutKeyIsRefused() {
        assertThatThrownBy(() -> batch.add(Map.of("type", "PUT"))).isInstanceOf(ToolException.class);
    }
}
