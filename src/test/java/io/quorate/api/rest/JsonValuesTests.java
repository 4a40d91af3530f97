package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
