package io.quorate.bbolt;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A bucket that is to be written.
 *
 * @param name at most some hundred bytes, in ASCII
 * @param records opens its records; each time the same ones
 */
public record Bucket(String name, Supplier<BucketRecords> records) {

    /** A bucket with few records, which are in memory. */
    public static Bucket of(String name, Map<byte[], byte[]> records) {
        SortedMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
        sorted.putAll(records);
        return new Bucket(name, () -> new InMemory(sorted.entrySet().iterator()));
    }

    private static final class InMemory implements BucketRecords {

        private final Iterator<Map.Entry<byte[], byte[]>> rest;
        private Map.Entry<byte[], byte[]> current = Map.entry(new byte[0], new byte[0]);

        InMemory(Iterator<Map.Entry<byte[], byte[]>> rest) {
            this.rest = rest;
        }

        @Override
        public boolean next() {
            if (!rest.hasNext()) {
                return false;
            }
            current = rest.next();
            return true;
        }

        @Override
        public byte[] key() {
            return current.getKey();
        }

        @Override
        public byte[] value() {
            return current.getValue();
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
