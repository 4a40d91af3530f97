package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonValuesTests {

    private static final String THREE = "{\"a\":\"}{\\\"\"} {\"b\":[{},{\"c\":1}]}\n{}";

    @Test
    void nextWhenBodyComesAtOnceCutsItIntoObjects() {
        JsonValues values = new JsonValues();
        values.add(Unpooled.wrappedBuffer(THREE.getBytes(StandardCharsets.UTF_8)));
        assertThat(drain(values)).isEqualTo(3);
        assertThat(values.isInsideObject()).isFalse();
    }

    @Test
    void nextWhenBodyComesByteByByteCutsItIntoObjects() {
        JsonValues values = new JsonValues();
        List<Integer> found = new ArrayList<>();
        for (byte b : THREE.getBytes(StandardCharsets.UTF_8)) {
            values.add(Unpooled.wrappedBuffer(new byte[] {b}));
            found.add(drain(values));
        }
        assertThat(found.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
        assertThat(values.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void nextWhenObjectIsIncompleteWaits() {
        JsonValues values = new JsonValues();
        values.add(Unpooled.wrappedBuffer("  {\"a\":".getBytes(StandardCharsets.UTF_8)));
        assertThat(values.next()).isNull();
        assertThat(values.isInsideObject()).isTrue();
    }

    @Test
    void nextWhenSomethingElseThanAnObjectComesRefuses() {
        JsonValues values = new JsonValues();
        values.add(Unpooled.wrappedBuffer("{} nonsense".getBytes(StandardCharsets.UTF_8)));
        assertThat(values.next()).isNotNull();
        assertThatThrownBy(values::next).isInstanceOf(JsonSyntaxException.class);
    }

    /** Copies and memory are bounded by what has come. */
    @Test
    void addWhenBodyComesInTinyPiecesCopiesLittle() {
        JsonValues values = new JsonValues();
        byte[] begun = ("{\"key\":\"" + "A".repeat(1_000_000)).getBytes(StandardCharsets.UTF_8);
        values.add(Unpooled.wrappedBuffer(begun));
        for (int i = 0; i < 20_000; i++) {
            values.add(Unpooled.wrappedBuffer(new byte[] {'A'}));
            assertThat(values.next()).isNull();
        }
        assertThat(values.movedBytes()).isLessThanOrEqualTo(3L * values.size());
        assertThat(values.capacity()).isLessThanOrEqualTo(3 * values.size());
    }

    @Test
    void addWhenPiecesAreOfAnySizeCopiesLittle() {
        long seed = 5;
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            JsonValues values = new JsonValues();
            long received = 0;
            int objects = 0;
            for (int i = 0; i < 300; i++) {
                String object = "{\"a\":\"" + "x".repeat(random.nextInt(3) == 0 ? random.nextInt(20_000) : 3) + "\"} ";
                byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
                for (int from = 0; from < bytes.length; ) {
                    int length = Math.min(bytes.length - from, 1 + random.nextInt(1 + random.nextInt(5000)));
                    values.add(Unpooled.wrappedBuffer(bytes, from, length));
                    from += length;
                    received += length;
                    objects += drain(values);
                    assertThat(values.capacity())
                            .as("seed %d, round %d", seed, round)
                            .isLessThanOrEqualTo(64 * 1024 + 3 * values.size());
                }
            }
            assertThat(objects).isEqualTo(300);
            assertThat(values.movedBytes()).isLessThanOrEqualTo(3 * received);
        }
    }

    private static int drain(JsonValues values) {
        int count = 0;
        for (JsonCursor object = values.next(); object != null; object = values.next()) {
            object.skipValue();
            assertThat(object.atEnd()).isTrue();
            count++;
        }
        return count;
    }
}
