package io.quorate.conformance;

import com.google.protobuf.ByteString;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.util.Arrays;

/** Makes requests of the KV service, transactions apart. */
final class KvRequests {

    /** Above what {@link LiveServer#SETTINGS} allow a write. */
    private static final int TOO_LARGE = 70_000;

    /** Above what any message may have. */
    private static final int FAR_TOO_LARGE = 700_000;

    /** Large enough for a watcher's history to need several messages. */
    private static final int LARGE = 50_000;

    private final Dice dice;

    KvRequests(Dice dice) {
        this.dice = dice;
    }

    PutRequest put() {
        return put(dice.anyKey());
    }

    PutRequest put(ByteString key) {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(key).setPrevKv(dice.chance(30));
        if (dice.chance(8)) {
            put.setIgnoreValue(true);
        }
        if (!put.getIgnoreValue() || dice.chance(15)) {
            put.setValue(value());
        }
        if (dice.chance(8)) {
            put.setIgnoreLease(true);
        }
        if (dice.chance(put.getIgnoreLease() ? 10 : 30)) {
            put.setLease(dice.lease());
        }
        return put.build();
    }

    private ByteString value() {
        if (dice.chance(98)) {
            return dice.value();
        }
        byte[] filler = new byte[dice.chance(60) ? LARGE : dice.chance(80) ? TOO_LARGE : FAR_TOO_LARGE];
        Arrays.fill(filler, (byte) 'v');
        return ByteString.copyFrom(filler);
    }

    DeleteRangeRequest delete() {
        ByteString key = dice.anyKey();
        return DeleteRangeRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(dice.chance(50) ? dice.rangeEnd(key) : ByteString.EMPTY)
                .setPrevKv(dice.chance(50))
                .build();
    }

    RangeRequest range() {
        ByteString key = dice.chance(20) ? ByteString.fromHex("00") : dice.anyKey();
        RangeRequest.Builder range = RangeRequest.newBuilder().setKey(key).setRangeEnd(dice.rangeEnd(key));
        if (dice.chance(35)) {
            range.setRevision(dice.revision());
        }
        if (dice.chance(35)) {
            range.setLimit(dice.oneOf(1, 1, 2, 2, 3, 4, 100, -1));
        }
        if (dice.chance(40)) {
            order(range);
        }
        if (dice.chance(25)) {
            filter(range);
        }
        return range.setSerializable(dice.chance(20))
                .setKeysOnly(dice.chance(15))
                .setCountOnly(dice.chance(10))
                .build();
    }

    private void order(RangeRequest.Builder range) {
        range.setSortOrderValue(dice.below(3)).setSortTargetValue(dice.below(5));
    }

    /** A range in an order, or by a target, that does not exist. */
    RangeRequest strangeRange() {
        return RangeRequest.newBuilder()
                .setKey(dice.key())
                .setSortOrderValue(dice.oneOf(0, 3, -1, 99))
                .setSortTargetValue(dice.oneOf(0, 5, -1, 99))
                .build();
    }

    private void filter(RangeRequest.Builder range) {
        if (dice.chance(40)) {
            range.setMinModRevision(dice.revision());
        }
        if (dice.chance(40)) {
            range.setMaxModRevision(dice.revision());
        }
        if (dice.chance(40)) {
            range.setMinCreateRevision(dice.revision());
        }
        if (dice.chance(40)) {
            range.setMaxCreateRevision(dice.revision());
        }
    }

    CompactionRequest compaction() {
        CompactionRequest.Builder compaction = CompactionRequest.newBuilder().setPhysical(dice.chance(50));
        return dice.chance(8)
                ? compaction.build()
                : compaction.setRevision(dice.revision()).build();
    }
}
