package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdGeneratorTests {

    @Test
    void nextCarriesLowBytesOfMemberAndTime() {
        IdGenerator ids = new IdGenerator(0x8e9e05c52164694dL, 0x0102030405L);

        assertThat(Long.toHexString(ids.next())).isEqualTo("694d010203040501");
        assertThat(Long.toHexString(ids.next())).isEqualTo("694d010203040502");
    }

    @Test
    void nextPositiveIsPositiveForAnyMember() {
        IdGenerator ids = new IdGenerator(-1, 0);

        assertThat(ids.nextPositive()).isPositive();
    }
}
