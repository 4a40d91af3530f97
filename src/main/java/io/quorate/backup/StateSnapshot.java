package io.quorate.backup;

import io.quorate.base.BulkInputStream;
import io.quorate.base.Sha256;
import io.quorate.bbolt.BboltImage;
import io.quorate.storage.Database;
import io.quorate.storage.View;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * The state of one moment as {@code etcdctl snapshot save} writes it: a file of bbolt, then the SHA-256 of its bytes (docs/etcd-v3.md,
 * section 2.11). Nothing is written to the disk: the pages are made as they are read, from a view that writers do not wait for. The view
 * keeps what is overwritten meanwhile from being dropped, so a reader that never ends costs the space of what is written in that time.
 * Used by one thread at a time.
 */
public final class StateSnapshot extends BulkInputStream {

    private final View view;
    private final InputStream pages;
    private final MessageDigest digest;
    private final long size;
    private long position;
    private byte[] sum = {};

    private StateSnapshot(View view) {
        this.view = view;
        BboltImage image = BboltImage.of(EtcdBuckets.of(view));
        this.pages = image.open();
        this.digest = Sha256.begin();
        this.size = image.size() + digest.getDigestLength();
    }

    /**
     * Takes the state of this moment and measures it, which reads all of it once. Both passes give way to writers.
     *
     * @param revoked called, by any thread, when this must be closed soon, because the database is closed or replaced
     */
    public static StateSnapshot of(Database database, Runnable revoked) {
        View view = database.view(revoked);
        view.giveWay();
        try {
            return new StateSnapshot(view);
        } catch (RuntimeException | Error e) {
            view.close();
            throw e;
        }
    }

    /** All bytes, with the checksum. */
    public long size() {
        return size;
    }

    /** Bytes that were not read yet. */
    public long remaining() {
        return size - position;
    }

    /** Bytes of the checksum at the end. */
    public int checksumBytes() {
        return digest.getDigestLength();
    }

    /** Reads on; never beyond the end of the file's pages and the checksum in one. */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        int done = pages.read(target, offset, length);
        if (done > 0) {
            digest.update(target, offset, done);
        } else if (length > 0 && remaining() > 0) {
            sum = sum.length == 0 ? digest.digest() : sum;
            done = (int) Math.min(length, remaining());
            System.arraycopy(sum, sum.length - (int) remaining(), target, offset, done);
        }
        position += Math.max(0, done);
        return done;
    }

    @Override
    public void close() throws IOException {
        pages.close();
        view.close();
    }
}
