package io.quorate.bench;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Marshallers that cost nothing: requests are bytes already, answers are not looked at. */
final class RawMessages {

    /** Requests: bytes as they are. */
    static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
            return new Encoded(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("Only for requests");
        }
    };

    /** Answers: only that one came. */
    static final MethodDescriptor.Marshaller<Boolean> IGNORED = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Boolean message) {
            throw new UnsupportedOperationException("Only for answers");
        }

        @Override
        public Boolean parse(InputStream stream) {
            return Boolean.TRUE;
        }
    };

    private RawMessages() {}

    /** A method with its real name and kind, but raw messages. */
    static MethodDescriptor<byte[], Boolean> raw(MethodDescriptor<?, ?> method) {
        return MethodDescriptor.newBuilder(BYTES, IGNORED)
                .setType(method.getType())
                .setFullMethodName(method.getFullMethodName())
                .build();
    }

    /** Lets the transport copy a message straight into its buffer. */
    private static final class Encoded extends InputStream implements Drainable, KnownLength {

        private final byte[] message;
        private int position;

        Encoded(byte[] message) {
            this.message = message;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int count = available();
            target.write(message, position, count);
            position = message.length;
            return count;
        }

        @Override
        public int available() {
            return message.length - position;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = Math.min(length, available());
            System.arraycopy(message, position, target, offset, count);
            position += count;
            return count == 0 && length > 0 ? -1 : count;
        }

        @Override
        public int read() {
            return position < message.length ? message[position++] & 0xff : -1;
        }
    }
}
