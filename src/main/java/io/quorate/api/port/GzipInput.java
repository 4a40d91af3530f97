package io.quorate.api.port;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks what gzip has packed (RFC 1952), one member or several behind each other. Strict, as etcd is: what follows a member has to be
 * another one. Gives no more than it is asked for, so that a small message cannot become a large one unseen. One thread.
 */
final class GzipInput implements AutoCloseable {

    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int DEFLATED = 8;
    private static final int CHECKED = 2;
    private static final int EXTRA = 4;
    private static final int NAMED = 8;
    private static final int COMMENTED = 16;

    private final byte[] packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private int position;

    /** What was packed by something else, or changed since. */
    static final class CorruptException extends Exception {

        private static final long serialVersionUID = 1L;

        /** @param reason in etcd's words */
        CorruptException(String reason) {
            super(reason);
        }
    }

    /** @param packed is not changed while it is read */
    GzipInput(byte[] packed) {
        this.packed = packed;
    }

    /** Reads the header of the first member; comes before anything else. */
    void open() throws CorruptException {
        if (packed.length == 0) {
            throw new CorruptException("EOF");
        }
        openMember();
    }

    private void openMember() throws CorruptException {
        int begin = position;
        need(HEADER_BYTES);
        if (at(begin) != 0x1f || at(begin + 1) != 0x8b || at(begin + 2) != DEFLATED) {
            throw new CorruptException("gzip: invalid header");
        }
        int flags = at(begin + 3);
        position += HEADER_BYTES;
        skipOptions(flags);
        if ((flags & CHECKED) != 0) {
            checkHeader(begin);
        }
        checksum.reset();
        inflater.reset();
        inflater.setInput(packed, position, packed.length - position);
    }

    private void skipOptions(int flags) throws CorruptException {
        if ((flags & EXTRA) != 0) {
            need(2);
            int length = at(position) | at(position + 1) << Byte.SIZE;
            need(2 + length);
            position += 2 + length;
        }
        if ((flags & NAMED) != 0) {
            skipText();
        }
        if ((flags & COMMENTED) != 0) {
            skipText();
        }
    }

    private void skipText() throws CorruptException {
        do {
            need(1);
        } while (at(position++) != 0);
    }

    private void checkHeader(int begin) throws CorruptException {
        need(2);
        CRC32 sum = new CRC32();
        sum.update(packed, begin, position - begin);
        int said = at(position) | at(position + 1) << Byte.SIZE;
        if ((sum.getValue() & 0xFFFF) != said) {
            throw new CorruptException("gzip: invalid header");
        }
        position += 2;
    }

    private int at(int index) {
        return packed[index] & 0xFF;
    }

    private void need(int bytes) throws CorruptException {
        if (packed.length - position < bytes) {
            throw new CorruptException("unexpected EOF");
        }
    }

    /**
     * Unpacks the next bytes.
     *
     * @param most at least 1
     * @return how many came, at most as many as were asked for; -1 at the end
     */
    int read(byte[] target, int offset, int most) throws CorruptException {
        while (true) {
            int bytes = inflate(target, offset, most);
            if (bytes > 0) {
                checksum.update(target, offset, bytes);
                return bytes;
            }
            if (inflater.finished()) {
                closeMember();
                if (position == packed.length) {
                    return -1;
                }
                openMember();
            } else if (inflater.needsDictionary()) {
                throw corrupt();
            } else { // it wants more than there is
                throw new CorruptException("unexpected EOF");
            }
        }
    }

    private int inflate(byte[] target, int offset, int most) throws CorruptException {
        try {
            return inflater.inflate(target, offset, most);
        } catch (DataFormatException e) {
            throw corrupt();
        }
    }

    private CorruptException corrupt() {
        return new CorruptException("flate: corrupt input before offset " + inflater.getBytesRead());
    }

    private void closeMember() throws CorruptException {
        position = packed.length - inflater.getRemaining();
        need(TRAILER_BYTES);
        boolean same = number(position) == (int) checksum.getValue()
                && number(position + Integer.BYTES) == (int) inflater.getBytesWritten();
        if (!same) {
            throw new CorruptException("gzip: invalid checksum");
        }
        position += TRAILER_BYTES;
    }

    private int number(int index) {
        return at(index) | at(index + 1) << 8 | at(index + 2) << 16 | at(index + 3) << 24;
    }

    /** Gives back what lies outside the heap. */
    @Override
    public void close() {
        inflater.close();
    }
}
