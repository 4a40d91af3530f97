package io.quorate.api.port;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Reads the header blocks of one connection. Names and values are looked at later ({@link RequestFields}), so that it is done once; only
 * Netty's own fields have to be right here.
 */
final class HeaderBlocks extends DefaultHttp2HeadersDecoder {

    /** @param bytesMax of one block, unpacked */
    HeaderBlocks(long bytesMax) {
        super(true, bytesMax);
    }

    @Override
    protected Http2Headers newHeaders() {
        return new Fields(numberOfHeadersGuess());
    }

    private static final class Fields extends DefaultHttp2Headers {

        Fields(int sizeHint) {
            super(false, sizeHint);
        }

        /** Netty turns the exception into an error of the stream. */
        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            boolean pseudo = PseudoHeaderName.hasPseudoHeaderFormat(name);
            if (pseudo && (!PseudoHeaderName.isPseudoHeader(name) || contains(name))) {
                throw new IllegalArgumentException("a field that is not known, or came before: " + name);
            }
            return super.add(name, value);
        }
    }
}
