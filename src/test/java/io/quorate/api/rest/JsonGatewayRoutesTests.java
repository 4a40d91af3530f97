package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.port.MemoryBudget;
import io.quorate.fixture.NoUsers;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3lockpb.LockGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The routes come from the proto files; this is what they must come to. */
class JsonGatewayRoutesTests {

    private static Set<String> paths() {
        Stream<BindableService> services = Stream.of(
                new KVGrpc.KVImplBase() {},
                new WatchGrpc.WatchImplBase() {},
                new LeaseGrpc.LeaseImplBase() {},
                new ClusterGrpc.ClusterImplBase() {},
                new MaintenanceGrpc.MaintenanceImplBase() {},
                new AuthGrpc.AuthImplBase() {},
                new LockGrpc.LockImplBase() {},
                new ElectionGrpc.ElectionImplBase() {});
        return new JsonGateway(
                        services.map(BindableService::bindService).toList(),
                        1000,
                        new CallCounters(
                                List.of(),
                                () -> Duration.ZERO,
                                (method, ok) -> nanos -> {},
                                () -> 0,
                                NoUsers.register(),
                                null),
                        new MemoryBudget(1 << 20, Duration.ofSeconds(1)))
                .paths();
    }

    @Test
    void routesWhenAllServicesAreBoundAreThoseOfEtcd() {
        assertThat(paths())
                .hasSize(51)
                .contains(
                        "/v3/kv/range",
                        "/v3/kv/compaction",
                        "/v3/watch",
                        "/v3/lease/keepalive",
                        "/v3/kv/lease/revoke",
                        "/v3/kv/lease/timetolive",
                        "/v3/kv/lease/leases",
                        "/v3/cluster/member/promote",
                        "/v3/maintenance/transfer-leadership",
                        "/v3/auth/user/changepw",
                        "/v3/lock/unlock",
                        "/v3/election/observe")
                .allMatch(path -> path.startsWith("/v3/"));
    }
}
