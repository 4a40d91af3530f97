package io.quorate.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The few elements of DER (ITU-T X.690) that a certificate consists of, each as tag, length and content. */
final class Der {

    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;

    /** Up to the year before, times are written with two digits for the year (RFC 5280, section 4.1.2.5). */
    private static final int LONG_YEARS_FROM = 2050;

    private static final DateTimeFormatter SHORT_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return element(SEQUENCE, parts);
    }

    static byte[] integer(BigInteger value) {
        return element(0x02, value.toByteArray());
    }

    /** A string of bits whose last byte has so many unused ones. */
    static byte[] bits(int unused, byte[] bytes) {
        return element(0x03, new byte[] {(byte) unused}, bytes);
    }

    static byte[] octets(byte[] bytes) {
        return element(0x04, bytes);
    }

    static byte[] time(Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        return utc.getYear() < LONG_YEARS_FROM
                ? element(0x17, ascii(SHORT_TIME.format(utc)))
                : element(0x18, ascii(LONG_TIME.format(utc)));
    }

    /** An object identifier, such as {@code 2.5.29.17}. */
    static byte[] identifier(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int index = 2; index < arcs.length; index++) {
            int arc = Integer.parseInt(arcs[index]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    content.write(0x80 | (arc >>> shift & 0x7f));
                }
            }
            content.write(arc & 0x7f);
        }
        return element(0x06, content.toByteArray());
    }

    /** An element whose meaning its place gives, around another. */
    static byte[] explicit(int number, byte[] inner) {
        return element(CONTEXT | CONSTRUCTED | number, inner);
    }

    /** An element whose meaning its place gives, instead of a tag of its own. */
    static byte[] implicit(int number, byte[] content) {
        return element(CONTEXT | number, content);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length < 0x80) {
            all.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            all.write(0x80 | digits.length - from);
            all.write(digits, from, digits.length - from);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
