package io.quorate.node.wal;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.io.IOException;

/** How the data of a record is read; fails when the bytes are not of the type that the record names. */
interface RecordFormat {

    /** As this version and etcd before 3.7 write them: each number is present. */
    RecordFormat STRICT = new RecordFormat() {
        @Override
        public Entry entry(byte[] bytes, int offset, int length) throws IOException {
            return RecordCodec.decodeEntry(bytes, offset, length);
        }

        @Override
        public HardState state(byte[] bytes, int offset, int length) throws IOException {
            return RecordCodec.decodeState(bytes, offset, length);
        }

        @Override
        public WalSnapshot snapshot(byte[] bytes, int offset, int length) throws IOException {
            return RecordCodec.decodeSnapshot(bytes, offset, length);
        }
    };

    Entry entry(byte[] bytes, int offset, int length) throws IOException;

    HardState state(byte[] bytes, int offset, int length) throws IOException;

    WalSnapshot snapshot(byte[] bytes, int offset, int length) throws IOException;
}
