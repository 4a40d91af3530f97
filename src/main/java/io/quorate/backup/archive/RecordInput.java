package io.quorate.backup.archive;

import io.quorate.backup.SnapshotException;
import io.quorate.backup.store.BackupStore;
import io.quorate.storage.Database;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads what {@link RecordOutput} wrote. Used by one thread. */
final class RecordInput implements Closeable {

    /** No request is that large, so no record is. */
    private static final int RECORD_BYTES_MAX = 512 << 20;

    private static final int BUFFER_BYTES = 16 << 10;

    private final String name;
    private final SealedInput sealed;
    private final DataInputStream content;
    private long records;

    private RecordInput(String name, SealedInput sealed, DataInputStream content) {
        this.name = name;
        this.sealed = sealed;
        this.content = content;
    }

    /** Takes the records of an object, one after the other. */
    interface Consumer {
        void accept(byte kind, byte[] key, byte[] value);
    }

    /**
     * Reads a whole object.
     *
     * @return what stands at its end, when all of it was found to be right
     * @throws SnapshotException if it is missing, was cut or changed, or cannot be read with that key
     * @throws IOException if the store does not answer
     */
    static Ending read(BackupStore store, ArchiveName name, Seal seal, Consumer consumer) throws IOException {
        String text = name.text();
        try (InputStream source = store.read(text);
                RecordInput input = open(source, text, seal)) {
            return input.run(consumer);
        } catch (NoSuchFileException e) {
            throw new SnapshotException(text + " is missing", e);
        } catch (EOFException | ZipException e) {
            throw new SnapshotException(text + " is damaged: " + e.getMessage(), e);
        }
    }

    private static RecordInput open(InputStream source, String name, Seal seal) throws IOException {
        SealedInput sealed = new SealedInput(new BufferedInputStream(source, BUFFER_BYTES), name, seal);
        int packing = sealed.read();
        InputStream unpacked = switch (packing) {
            case RecordOutput.PLAIN -> sealed;
            case RecordOutput.GZIP -> new GZIPInputStream(sealed, BUFFER_BYTES);
            default -> throw new SnapshotException(name + " is packed in an unknown way: " + packing);
        };
        return new RecordInput(name, sealed, new DataInputStream(new BufferedInputStream(unpacked, BUFFER_BYTES)));
    }

    private Ending run(Consumer consumer) throws IOException {
        int layout = content.readInt();
        if (layout != Database.FORMAT) {
            throw new SnapshotException(
                    name + " has records of layout " + layout + ", this version reads " + Database.FORMAT);
        }
        long unusedMember = content.readLong();
        for (byte kind = content.readByte(); kind != RecordOutput.END; kind = content.readByte()) {
            int keyLength = content.readInt();
            int valueLength = content.readInt();
            byte[] key = take(keyLength);
            consumer.accept(kind, key, take(valueLength));
            records++;
        }
        Ending ending = Ending.read(content);
        if (ending.records() != records) {
            throw new SnapshotException(name + " has " + records + " records and says " + ending.records());
        }
        if (content.read() >= 0 || sealed.read() >= 0) {
            throw new SnapshotException(name + " has more behind its records");
        }
        return ending;
    }

    /** Grows as bytes come, so a length that is not true costs nothing. */
    private byte[] take(int length) throws IOException {
        if (length < 0 || length > RECORD_BYTES_MAX) {
            throw new SnapshotException(name + " has a record of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] taken = content.readNBytes(length);
        if (taken.length < length) {
            throw new EOFException("it ends within a record");
        }
        return taken;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
