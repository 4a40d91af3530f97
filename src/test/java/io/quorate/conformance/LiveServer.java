package io.quorate.conformance;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.conformance.Respondent.Answers;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.TestMember;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseStatus;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.ResponseHeader;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A running server with the connections to it. Before every program it loses its keys, leases and users. One thread. */
final class LiveServer implements Respondent {

    /**
     * A small limit, so that reaching it is cheap, and an election timeout that makes the shortest lease last nine
     * seconds, longer than any program. A start takes up to that timeout.
     */
    static final Map<String, String> SETTINGS = Map.of("max-request-bytes", "65536", "election-timeout", "6000");

    private static final Duration ENDING = Duration.ofMillis(500);
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    private final TestMember member;
    private final GrpcConnection grpc;
    private final Http1Transport http;
    private final Keeper keeper;
    private final boolean users;
    private final ResponseHeader identity;
    private final Set<String> chosenLeases = new HashSet<>();
    private long compacted;

    /** Whether records may name leases whose ids the server chose: they are others on another server. */
    private boolean leasesDiffer;

    /** The reference. */
    static LiveServer etcd(boolean users) {
        return new LiveServer(new EtcdProcess(settings("bcrypt-cost")), users);
    }

    /** What is compared with it. */
    static LiveServer member(boolean users) {
        return new LiveServer(new MemberProcess(settings("auth.bcrypt-cost")), users);
    }

    /** As little work for passwords as is allowed. */
    private static Map<String, String> settings(String cost) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(cost, "4");
        return settings;
    }

    /** @param users whether programs make users, who must go before the next one */
    private LiveServer(TestMember member, boolean users) {
        this.member = started(member);
        this.users = users;
        grpc = GrpcConnection.to(member);
        keeper = new Keeper(grpc);
        http = new Http1Transport(member.clientUrl());
        // So no program can compact at revision 0, whose stored hash etcd would then tell instead of the newest one.
        grpc.put("empty", "");
        compacted = 1;
        var unused = grpc.kv()
                .compact(CompactionRequest.newBuilder().setRevision(compacted).build());
        identity = grpc.cluster()
                .memberList(MemberListRequest.getDefaultInstance())
                .getHeader();
    }

    private static TestMember started(TestMember member) {
        try {
            return member.start();
        } catch (RuntimeException e) { // whatever it is, the process must not outlive the test
            member.close();
            throw e;
        }
    }

    @Override
    public Answers run(Program program) {
        try {
            Answers answers = answers(program);
            if (answers.trees().stream().anyMatch(LiveServer::isUnanswered)) {
                requireAlive();
            }
            return answers;
        } catch (StatusRuntimeException e) {
            requireAlive();
            throw e;
        }
    }

    private Answers answers(Program program) {
        Symbols symbols = symbols();
        Names names = new Names(identity.getClusterId(), identity.getMemberId(), symbols);
        try (ProgramRun run = new ProgramRun(grpc, http, keeper, symbols, names)) {
            List<JsonNode> trees = run.run(program);
            leasesDiffer |= !symbols.chosenLeases().isEmpty();
            return new Answers(symbols.base(), trees, leasesDiffer ? "" : history());
        } finally {
            symbols.chosenLeases().forEach(id -> chosenLeases.add(id.toString()));
            compacted = symbols.compacted();
        }
    }

    /** All records that are stored, in one number. Equal histories have equal hashes, on whatever server. */
    private String history() {
        HashKVResponse hash = keeper.maintenance(maintenance -> maintenance.hashKV(HashKVRequest.getDefaultInstance()));
        return Integer.toUnsignedString(hash.getHash()) + " " + hash.getCompactRevision() + " "
                + hash.getHashRevision();
    }

    private Symbols symbols() {
        long authRevision = users ? keeper.reset() : 1;
        return new Symbols(emptied(), chosenLeases, compacted, authRevision);
    }

    private static boolean isUnanswered(JsonNode answer) {
        return (answer.isString() && !answer.asString().equals(WatchLog.NOT_OWED))
                || answer.path("code").asString("").equals("UNAVAILABLE");
    }

    /** Who may do everything there. */
    Keeper keeper() {
        return keeper;
    }

    /** Connections break a moment before a process is gone. */
    private void requireAlive() {
        if (member.endsWithin(ENDING)) {
            throw new ServerEndedException(member.logTail());
        }
    }

    /** Without keys first, so that leases take none with them; without old records that the hash cannot have. Returns the revision. */
    private long emptied() {
        grpc.kv()
                .deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(ALL)
                        .setRangeEnd(ALL)
                        .build());
        var leases = grpc.lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance());
        for (LeaseStatus lease : leases.getLeasesList()) {
            grpc.lease()
                    .leaseRevoke(
                            LeaseRevokeRequest.newBuilder().setID(lease.getID()).build());
        }
        long revision = grpc.get("empty").getHeader().getRevision();
        if (leasesDiffer && revision > compacted) {
            var unused = grpc.kv()
                    .compact(CompactionRequest.newBuilder()
                            .setRevision(revision)
                            .setPhysical(true)
                            .build());
            compacted = revision;
        }
        leasesDiffer = false;
        return revision;
    }

    @Override
    public void close() {
        http.close();
        grpc.close();
        member.close();
    }

    /** A server ended itself while it ran a program. */
    static final class ServerEndedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** @param reasons what it printed at the end */
        ServerEndedException(String reasons) {
            super("The server ended itself:\n" + reasons);
        }
    }
}
