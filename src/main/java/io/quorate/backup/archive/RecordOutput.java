package io.quorate.backup.archive;

import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.Upload;
import io.quorate.base.UnclosedOutput;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes an object. Its content, inside of {@link SealedOutput}: a byte that says whether the rest is compressed by gzip; then the layout of
 * the state ({@code Database.FORMAT}, 4 bytes) and the member that wrote it (8 bytes); then records, each a byte for its kind, the
 * lengths of key and value (4 bytes each), key and value; then a zero byte and the {@link Ending}. Used by one thread.
 */
final class RecordOutput implements Closeable {

    static final byte PLAIN = 0;
    static final byte GZIP = 1;
    static final byte END = 0;

    private static final int BUFFER_BYTES = 16 << 10;

    private final Upload upload;
    private final SealedOutput sealed;
    private final DataOutputStream content;
    private long records;

    private RecordOutput(Upload upload, SealedOutput sealed, DataOutputStream content) {
        this.upload = upload;
        this.sealed = sealed;
        this.content = content;
    }

    static RecordOutput open(BackupStore store, ArchiveName name, Writing writing) throws IOException {
        String text = name.text();
        Upload upload = store.create(text);
        try {
            SealedOutput sealed = new SealedOutput(upload, text, writing.seal());
            sealed.write(writing.compressed() ? GZIP : PLAIN);
            OutputStream packed = writing.compressed() ? new FastGzip(sealed) : sealed;
            DataOutputStream content = new DataOutputStream(new BufferedOutputStream(packed, BUFFER_BYTES));
            content.writeInt(writing.layout());
            content.writeLong(writing.member());
            return new RecordOutput(upload, sealed, content);
        } catch (IOException | RuntimeException e) {
            upload.close();
            throw e;
        }
    }

    /** Adds a record. */
    void add(byte kind, byte[] key, byte[] value) throws IOException {
        content.writeByte(kind);
        content.writeInt(key.length);
        content.writeInt(value.length);
        content.write(key);
        content.write(value);
        records++;
    }

    /**
     * Ends the object; durable under its name on return.
     *
     * @return its bytes
     */
    long finish(long compacted, Witness witness) throws IOException {
        content.writeByte(END);
        new Ending(records, compacted, witness).write(content);
        content.flush();
        content.close();
        sealed.finish();
        upload.commit();
        return sealed.written();
    }

    /** Gives up what was not finished. */
    @Override
    public void close() throws IOException {
        upload.close();
    }

    /** Members write more often than disasters read. */
    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream target) throws IOException {
            super(new UnclosedOutput(target), BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
