package io.quorate.ops;

import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** {@code /actuator/info}: which member of which cluster this is, and the etcd version it answers as. */
@RequiredArgsConstructor
public class MemberInfoContributor implements InfoContributor {

    private final MemberStatus status;

    @Override
    public void contribute(Info.Builder builder) {
        MemberStatus.Identity identity = status.identity();
        builder.withDetail(
                "member",
                Map.of(
                        "name", identity.name(),
                        "memberId", Long.toHexString(identity.memberId()),
                        "clusterId", Long.toHexString(identity.clusterId()),
                        "etcdVersion", identity.serverVersion(),
                        "clusterVersion", identity.clusterVersion()));
    }
}
