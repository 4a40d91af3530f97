package io.quorate.backup.archive;

import io.quorate.backup.SnapshotException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key that objects are sealed with: AES-256-GCM. Each object has a key of its own, derived (HKDF-SHA-256) from this one, a random salt
 * and its name, so neither objects nor their frames can be exchanged, and no nonce is used twice. Any thread.
 */
public final class Seal {

    /** No key: objects are checksummed only. */
    public static final Seal NONE = new Seal(null);

    static final int SALT_BYTES = 32;
    static final int TAG_BYTES = 16;

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int ID_BYTES = 4;

    /** Longer files hold no key. */
    private static final int FILE_MAX = 1024;

    private final @Nullable SecretKey key;
    private final String id;

    private Seal(@Nullable SecretKey key) {
        this.key = key;
        this.id = key == null ? "" : HexFormat.of().formatHex(expand(key, new byte[SALT_BYTES], "key id", ID_BYTES));
    }

    /**
     * Reads a key: 32 bytes, as they are, or as 64 digits in hexadecimal, or in base64; white space around those does not count.
     *
     * @throws SnapshotException if the file holds anything else
     */
    public static Seal of(Path file) throws IOException {
        byte[] content;
        try (InputStream input = Files.newInputStream(file)) {
            content = input.readNBytes(FILE_MAX);
        }
        return of(content, file.toString());
    }

    /** The same with the content of the file; the name is for the message. */
    static Seal of(byte[] content, String name) {
        if (content.length == KEY_BYTES) {
            return new Seal(new SecretKeySpec(content, "AES"));
        }
        String text = new String(content, StandardCharsets.US_ASCII).strip();
        try {
            byte[] decoded = text.length() == 2 * KEY_BYTES
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
            if (decoded.length == KEY_BYTES) {
                return new Seal(new SecretKeySpec(decoded, "AES"));
            }
        } catch (IllegalArgumentException neither) {
            throw noKey(name);
        }
        throw noKey(name);
    }

    private static SnapshotException noKey(String name) {
        return new SnapshotException(
                name + " holds no key: it must be 32 bytes, also as 64 hexadecimal digits or in base64, as"
                        + " 'openssl rand -hex 32' writes");
    }

    /** Tells keys apart, in names of objects; empty for {@link #NONE}. */
    public String id() {
        return id;
    }

    boolean isNone() {
        return key == null;
    }

    /** The cipher for the frames of one object; null without a key. */
    @Nullable
    Frames frames(String name, byte[] salt) {
        return key == null
                ? null
                : new Frames(new SecretKeySpec(expand(key, salt, "object " + name, KEY_BYTES), "AES"));
    }

    private static byte[] expand(SecretKey key, byte[] salt, String purpose, int length) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(key)
                            .addSalt(salt)
                            .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has HKDF-SHA256", e);
        }
    }

    /** Seals and opens the frames of one object; the number of a frame is its nonce. Used by one thread. */
    static final class Frames {

        private final SecretKey key;
        private final Cipher cipher;

        private Frames(SecretKey key) {
            this.key = key;
            try {
                this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("each Java has AES-GCM", e);
            }
        }

        /**
         * Seals a frame.
         *
         * @param header goes with it in the clear and cannot be changed
         */
        byte[] seal(long number, int header, byte[] content, int length) {
            try {
                return crypt(Cipher.ENCRYPT_MODE, number, header, content, length);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a frame cannot be sealed", e);
            }
        }

        /** @throws GeneralSecurityException if it is not what was sealed under that number, in that object, with that key */
        byte[] open(long number, int header, byte[] sealed) throws GeneralSecurityException {
            return crypt(Cipher.DECRYPT_MODE, number, header, sealed, sealed.length);
        }

        private byte[] crypt(int mode, long number, int header, byte[] content, int length)
                throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                    .putLong(Integer.BYTES, number)
                    .array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(header).array());
            return cipher.doFinal(content, 0, length);
        }
    }
}
