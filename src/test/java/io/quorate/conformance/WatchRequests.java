package io.quorate.conformance;

import com.google.protobuf.ByteString;
import io.quorate.proto.WatchCreateRequest;

/** Makes requests of the Watch service. */
final class WatchRequests {

    private static final int STREAMS = 2;

    private final Dice dice;

    WatchRequests(Dice dice) {
        this.dice = dice;
    }

    Step create() {
        return new Step.WatchCreate(dice.below(STREAMS), request());
    }

    Step cancel() {
        return new Step.WatchCancel(dice.below(STREAMS), dice.below(4));
    }

    Step progress() {
        return new Step.WatchProgress(dice.below(STREAMS));
    }

    WatchCreateRequest request() {
        ByteString key = dice.chance(10) ? ByteString.EMPTY : dice.key();
        WatchCreateRequest.Builder create =
                WatchCreateRequest.newBuilder().setKey(key).setRangeEnd(dice.rangeEnd(key));
        if (dice.chance(30)) {
            create.setStartRevision(dice.revision());
        }
        if (dice.chance(15)) {
            create.addFiltersValue(dice.below(2));
        }
        if (dice.chance(5)) {
            create.addFiltersValue(dice.chance(70) ? dice.below(2) : dice.oneOf(2, -1));
        }
        if (dice.chance(30)) {
            create.setWatchId(dice.chance(85) ? dice.between(0, 3) : dice.oneOf(-2L, -1L, Long.MAX_VALUE));
        }
        return create.setPrevKv(dice.chance(40))
                .setFragment(dice.chance(25))
                .setProgressNotify(dice.chance(20))
                .build();
    }
}
