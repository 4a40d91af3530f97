package io.quorate.embedded;

import io.quorate.wiring.HostedMember;
import java.time.Duration;
import java.util.Map;

/** A member in this JVM. */
final class MemberHere implements RunningMember {

    private static final Duration REVOKE_LIMIT = Duration.ofMinutes(1);

    private final HostedMember member;

    private MemberHere(HostedMember member) {
        this.member = member;
    }

    static RunningMember start(Map<String, String> settings, MovableClock clock) {
        return new MemberHere(HostedMember.start(settings, clock));
    }

    @Override
    public boolean isRunning() {
        return member.isRunning();
    }

    @Override
    public void stop() {
        member.close();
    }

    @Override
    public void kill() {
        member.vanish();
    }

    @Override
    public void advanced(Duration by) {
        member.expireLeases(REVOKE_LIMIT);
    }
}
