package io.quorate.backup.archive;

import io.quorate.backup.SnapshotException;
import io.quorate.base.BulkInputStream;
import io.quorate.base.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link SealedOutput} wrote. Each frame is checked before its content is handed out, and the end is only reported when the
 * digest of the whole is right and nothing follows. Used by one thread.
 */
final class SealedInput extends BulkInputStream {

    private final InputStream source;
    private final String name;
    private final MessageDigest digest;
    private final Seal.@Nullable Frames frames;
    private byte[] content = {};
    private int position;
    private long number;
    private boolean ended;

    /**
     * Reads the beginning.
     *
     * @throws SnapshotException if it is no object, or not sealed as it must be
     * @throws IOException if it cannot be read
     */
    SealedInput(InputStream source, String name, Seal seal) throws IOException {
        this.source = source;
        this.name = name;
        this.digest = digestOf(name);
        if (!Arrays.equals(take(SealedOutput.MAGIC.length), SealedOutput.MAGIC)) {
            throw new SnapshotException(name + " is no object of a backup of this version");
        }
        byte kind = take(1)[0];
        if (kind != (seal.isNone() ? SealedOutput.CLEAR : SealedOutput.SEALED)) {
            throw new SnapshotException(
                    seal.isNone()
                            ? name + " is sealed: a key file is needed"
                            : name + " is not sealed, although there is a key");
        }
        this.frames = seal.frames(name, seal.isNone() ? new byte[0] : take(Seal.SALT_BYTES));
    }

    static MessageDigest digestOf(String name) {
        MessageDigest digest = Sha256.begin();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return digest;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (position == content.length) {
            if (ended) {
                return -1;
            }
            nextFrame();
        }
        int done = Math.min(length, content.length - position);
        System.arraycopy(content, position, target, offset, done);
        position += done;
        return done;
    }

    private void nextFrame() throws IOException {
        int header = ByteBuffer.wrap(take(Integer.BYTES)).getInt();
        int length = header & ~SealedOutput.LAST;
        if (length > SealedOutput.FRAME_BYTES) {
            throw damaged("has a frame of " + length + " bytes");
        }
        content = frames == null ? checked(header, length) : opened(frames, header, length);
        position = 0;
        number++;
        if ((header & SealedOutput.LAST) != 0) {
            end();
        }
    }

    private byte[] opened(Seal.Frames frames, int header, int length) throws IOException {
        byte[] taken = take(length + Seal.TAG_BYTES);
        try {
            return frames.open(number, header, taken);
        } catch (GeneralSecurityException e) {
            throw new SnapshotException(name + " was changed, or is sealed with another key (frame " + number + ")", e);
        }
    }

    private byte[] checked(int header, int length) throws IOException {
        byte[] sum = take(Integer.BYTES);
        byte[] taken = take(length);
        if (!Arrays.equals(sum, SealedOutput.checksum(number, header, taken, length))) {
            throw damaged("was changed in frame " + number);
        }
        return taken;
    }

    private void end() throws IOException {
        byte[] expected = digest.digest();
        byte[] found = source.readNBytes(SealedOutput.DIGEST_BYTES);
        if (!MessageDigest.isEqual(expected, found)) {
            throw damaged("was cut or changed, or had another name: its SHA-256 is another one");
        }
        if (source.read() >= 0) {
            throw damaged("has more behind its end");
        }
        ended = true;
    }

    private byte[] take(int length) throws IOException {
        byte[] taken = source.readNBytes(length);
        if (taken.length < length) {
            throw damaged("was cut");
        }
        digest.update(taken);
        return taken;
    }

    private SnapshotException damaged(String how) {
        return new SnapshotException(name + " " + how);
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
