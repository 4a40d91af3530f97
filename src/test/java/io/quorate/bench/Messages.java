package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.quorate.proto.Compare;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The messages of one slot: encoded once, then only their numbers change. */
final class Messages {

    private static final ByteString KEY = ByteString.copyFromUtf8(Template.PREFIX + Template.PLACE);
    private static final ByteString END = ByteString.copyFromUtf8(Template.PREFIX.replace('/', '0'));
    private static final byte[] TIME = "@@TIME@@".getBytes(StandardCharsets.US_ASCII);

    private final LoadSettings options;
    private final SplittableRandom random;

    Messages(LoadSettings options, SplittableRandom random) {
        this.options = options;
        this.random = random;
    }

    /** Puts of random keys. */
    Supplier<byte[]> puts() {
        Template template = new Template(put().toByteArray());
        return randomKeys(template);
    }

    /** Puts of all keys, one after the other, shared with the other slots. */
    Supplier<byte[]> fillingPuts(AtomicInteger next) {
        Template template = new Template(put().toByteArray());
        return () -> {
            template.patch(0, next.getAndIncrement());
            return template.message;
        };
    }

    /** Puts whose values begin with the time. */
    Supplier<byte[]> timedPuts() {
        ByteString rest = value(Math.max(0, options.valueBytes() - TIME.length));
        Template template = new Template(PutRequest.newBuilder()
                .setKey(KEY)
                .setValue(ByteString.copyFrom(TIME).concat(rest))
                .build()
                .toByteArray());
        int timeAt = Template.find(template.message, TIME)[0];
        ByteBuffer time = ByteBuffer.wrap(template.message);
        return () -> {
            template.patch(0, random.nextInt(options.keys()));
            time.putLong(timeAt, System.nanoTime());
            return template.message;
        };
    }

    Supplier<byte[]> gets(boolean serializable) {
        return randomKeys(new Template(RangeRequest.newBuilder()
                .setKey(KEY)
                .setSerializable(serializable)
                .build()
                .toByteArray()));
    }

    /** Counts from a random key to the last. */
    Supplier<byte[]> counts() {
        return randomKeys(new Template(toLast().setCountOnly(true).build().toByteArray()));
    }

    private static RangeRequest.Builder toLast() {
        return RangeRequest.newBuilder().setKey(KEY).setRangeEnd(END);
    }

    Supplier<byte[]> ranges() {
        Template template =
                new Template(toLast().setLimit(options.range()).build().toByteArray());
        int starts = Math.max(1, options.keys() - options.range());
        return () -> {
            template.patch(0, random.nextInt(starts));
            return template.message;
        };
    }

    Supplier<byte[]> txns() {
        return randomKeys(new Template(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(KEY)
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setResult(Compare.CompareResult.GREATER)
                        .setVersion(0))
                .addSuccess(RequestOp.newBuilder().setRequestPut(put()))
                .addSuccess(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(KEY)))
                .build()
                .toByteArray()));
    }

    private Supplier<byte[]> randomKeys(Template template) {
        return () -> {
            for (int place = 0; place < template.places(); place++) {
                template.patch(place, random.nextInt(options.keys()));
            }
            return template.message;
        };
    }

    private PutRequest put() {
        return PutRequest.newBuilder()
                .setKey(KEY)
                .setValue(value(options.valueBytes()))
                .build();
    }

    /** Random, so that a store that compresses has no advantage. */
    private ByteString value(int size) {
        byte[] value = new byte[size];
        random.nextBytes(value);
        return ByteString.copyFrom(value);
    }
}
