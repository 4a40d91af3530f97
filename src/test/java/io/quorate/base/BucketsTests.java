package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketsTests {

    private static final Buckets SHAPE = new Buckets.Doubling(100, 4, 1);

    @ParameterizedTest
    @CsvSource({
        "-1, 0",
        "0, 0",
        "1, 0",
        "100, 0",
        "101, 1",
        "200, 1",
        "201, 2",
        "400, 2",
        "401, 3",
        "800, 3",
        "801, 4",
        "9223372036854775807, 4"
    })
    void bucketWhenValueIsGivenIsTheFirstThatHoldsIt(long value, int bucket) {
        assertThat(SHAPE.bucketOf(value)).isEqualTo(bucket);
        assertThat((double) value).isLessThanOrEqualTo(SHAPE.bounds()[bucket]);
        if (bucket > 0) {
            assertThat((double) value).isGreaterThan(SHAPE.bounds()[bucket - 1]);
        }
    }

    @Test
    void boundsWhenPublishedDoubleAndEndInInfinity() {
        assertThat(SHAPE.bounds()).containsExactly(100, 200, 400, 800, Double.POSITIVE_INFINITY);
    }
}
