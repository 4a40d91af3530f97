package io.quorate.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class VersionKeyTests {

    private record Version(Bytes key, Revision revision) {}

    @Test
    void entryWhenEncodedLooksAsDocumented() {
        byte[] entry = VersionKey.of(Bytes.utf8("a"), new Revision(5, 1));

        assertThat(HexFormat.of().formatHex(entry)).isEqualTo("610001fffffffffffffffafffffffe");
    }

    @Test
    void entriesWhenSortedAreInOrderOfKeyThenNewestFirst() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            byte[] key = new byte[random.nextInt(1, 5)];
            for (int at = 0; at < key.length; at++) {
                key[at] = (byte) (random.nextInt(4) - 1);
            }
            long main = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(1000);
            versions.add(new Version(Bytes.wrap(key), new Revision(main, random.nextInt(300))));
        }
        List<Version> expected = versions.stream()
                .sorted(Comparator.comparing(Version::key).thenComparing(Version::revision, Comparator.reverseOrder()))
                .toList();

        List<byte[]> entries = new ArrayList<>();
        versions.forEach(version -> entries.add(VersionKey.of(version.key(), version.revision())));
        entries.sort(Arrays::compareUnsigned);

        assertThat(entries.stream()
                        .map(entry -> new Version(VersionKey.keyOf(entry), VersionKey.revisionOf(entry)))
                        .toList())
                .isEqualTo(expected);
    }

    @Test
    void storageKeyWhenEncodedLooksAsDocumented() {
        assertThat(HexFormat.of().formatHex(new Revision(5, 1).storageKey()))
                .isEqualTo("00000000000000055f0000000000000001");
        assertThat(HexFormat.of().formatHex(new Revision(5, 1).tombstoneKey()))
                .isEqualTo("00000000000000055f000000000000000174");
        assertThat(Revision.parse(new Revision(7, 3).tombstoneKey())).isEqualTo(new Revision(7, 3));
    }

    @Test
    void storageKeyWhenItIsNoneIsFatal() {
        assertThatThrownBy(() -> Revision.parse(new byte[17])).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> Revision.parse(new byte[3])).isInstanceOf(Fault.class);
    }
}
