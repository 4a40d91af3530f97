package io.quorate.conformance;

import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;

/** Makes requests of the Lease service. No lease expires while a program runs, see {@link LiveServer#SETTINGS}. */
final class LeaseRequests {

    private static final long LONGEST_SECONDS = 9_000_000_000L;

    private final Dice dice;

    LeaseRequests(Dice dice) {
        this.dice = dice;
    }

    LeaseGrantRequest grant() {
        LeaseGrantRequest.Builder grant = LeaseGrantRequest.newBuilder();
        grant.setTTL(
                dice.chance(75)
                        ? dice.between(600, 604)
                        : dice.oneOf(0L, -5L, 1L, 8L, 9L, 10L, LONGEST_SECONDS, LONGEST_SECONDS + 1, Long.MAX_VALUE));
        if (dice.chance(65)) {
            grant.setID(dice.chance(92) ? dice.between(1, 4) : dice.oneOf(-7L, Long.MAX_VALUE, Long.MIN_VALUE));
        }
        return grant.build();
    }

    LeaseRevokeRequest revoke() {
        return LeaseRevokeRequest.newBuilder().setID(id()).build();
    }

    LeaseTimeToLiveRequest timeToLive() {
        return LeaseTimeToLiveRequest.newBuilder()
                .setID(id())
                .setKeys(dice.chance(70))
                .build();
    }

    LeaseKeepAliveRequest keepAlive() {
        return LeaseKeepAliveRequest.newBuilder().setID(id()).build();
    }

    private long id() {
        return dice.chance(5) ? 0 : dice.lease();
    }
}
