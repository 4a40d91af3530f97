package io.quorate.api.headers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

/** What this program relies on of the inside of gRPC, which may change with any release. */
class GrpcHeadersTests {

    private static final Metadata.Key<String> TEXT = Metadata.Key.of("text", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("raw-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static byte[][] bytes(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            all[i] = texts[i].getBytes(US_ASCII);
        }
        return all;
    }

    private static String text(byte[][] namesAndValues) {
        StringBuilder text = new StringBuilder();
        for (byte[] each : namesAndValues) {
            text.append(new String(each, US_ASCII)).append(' ');
        }
        return text.toString().strip();
    }

    @Test
    void metadataWhenMadeOfBytesIsReadByKeys() {
        Metadata metadata = GrpcHeaders.metadata(2, bytes("text", "a", "version", "3.7"));
        assertThat(metadata.get(TEXT)).isEqualTo("a");
        assertThat(metadata.get(GrpcHeaders.rawKey("version"))).isEqualTo("3.7".getBytes(US_ASCII));
        assertThat(GrpcHeaders.isEmpty(metadata)).isFalse();
        assertThat(GrpcHeaders.isEmpty(new Metadata())).isTrue();
    }

    @Test
    void metadataWhenItHasRoomLeftHasOnlyWhatCounts() {
        Metadata metadata = GrpcHeaders.metadata(1, bytes("text", "a", "other", "b"));
        assertThat(metadata.keys()).containsExactly("text");
    }

    @Test
    void http2HeadersWhenBinaryAreEncoded() {
        Metadata metadata = new Metadata();
        metadata.put(TEXT, "a");
        metadata.put(BINARY, new byte[] {1, 2, 3});
        assertThat(text(GrpcHeaders.http2Headers(metadata))).isEqualTo("text a raw-bin AQID");
    }

    @Test
    void statusWhenItTakesThePlaceOfAnotherIsWrittenAsGrpcDoes() {
        Metadata before = GrpcHeaders.metadata(3, bytes("grpc-status", "1", "grpc-message", "old", "text", "a"));
        Metadata after = GrpcHeaders.withStatus(before, Status.NOT_FOUND.withDescription("100% \n"));
        assertThat(text(GrpcHeaders.http2Headers(after))).isEqualTo("text a grpc-status 5 grpc-message 100%25 %0A");
        assertThat(text(GrpcHeaders.http2Headers(GrpcHeaders.withStatus(before, Status.OK))))
                .isEqualTo("text a grpc-status 0");
    }
}
