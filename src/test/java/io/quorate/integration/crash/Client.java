package io.quorate.integration.crash;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.integration.ledger.Attempt;
import io.quorate.integration.ledger.Ledger;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * One client that writes until the member dies under it. Its keys are its own, but for one that all share. It notes
 * an attempt before it sends it and an acknowledgement when it has it; the first failure ends it.
 */
final class Client implements Runnable {

    private static final int PIPELINED = 32;
    private static final int LARGEST_PADDING = 2_000;
    private static final int KEYS_PER_LEASE = 3;

    private final String name;
    private final Random random;
    private final GrpcConnection grpc;
    private final Ledger ledger;
    private final Queue<LeaseNote> leases;
    private final BooleanSupplier memberIsBeingKilled;
    private final Semaphore pipeline = new Semaphore(PIPELINED);
    private final List<String> deletable = new ArrayList<>();
    private int sequence;
    private volatile boolean stopped;

    /** @param name unique over all rounds, as keys and values begin with it */
    Client(
            String name,
            long seed,
            GrpcConnection grpc,
            Ledger ledger,
            Queue<LeaseNote> leases,
            BooleanSupplier memberIsBeingKilled) {
        this.name = name;
        this.random = new Random(seed);
        this.grpc = grpc;
        this.ledger = ledger;
        this.leases = leases;
        this.memberIsBeingKilled = memberIsBeingKilled;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                switch (random.nextInt(8)) {
                    case 0, 1 -> putNew();
                    case 2 -> overwrite(name + "/counter");
                    case 3 -> overwrite("shared");
                    case 4 -> delete();
                    case 5 -> transact();
                    case 6 -> useLease();
                    default -> putPipelined();
                }
            } catch (StatusRuntimeException e) {
                stop(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopped = true;
            }
        }
    }

    private void stop(Throwable error) {
        stopped = true;
        if (!memberIsBeingKilled.getAsBoolean()) {
            ledger.complain(name + " was refused: " + error);
        }
    }

    private String nextId() {
        return name + "n" + sequence++;
    }

    private String value(String id) {
        return id + ":" + "x".repeat(random.nextInt(LARGEST_PADDING));
    }

    private Attempt noted(String id, String... changes) {
        return ledger.add(id, List.of(changes));
    }

    private void putNew() {
        String id = nextId();
        String key = name + "/" + id;
        put(id, key, 0);
        deletable.add(key);
    }

    private void overwrite(String key) {
        put(nextId(), key, 0);
    }

    private void put(String id, String key, long lease) {
        String value = value(id);
        Attempt attempt = noted(id, Attempt.put(key, value));
        PutResponse response = grpc.kv().put(putRequest(key, value, lease));
        ledger.acknowledge(attempt, response.getHeader().getRevision());
    }

    private static PutRequest putRequest(String key, String value, long lease) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .setLease(lease)
                .build();
    }

    private void putPipelined() throws InterruptedException {
        for (int i = 0; i < PIPELINED && !stopped; i++) {
            pipeline.acquire();
            String id = nextId();
            String key = name + "/p/" + id;
            String value = value(id);
            Attempt attempt = noted(id, Attempt.put(key, value));
            Futures.addCallback(
                    grpc.kvAsync().put(putRequest(key, value, 0)),
                    new FutureCallback<PutResponse>() {
                        @Override
                        public void onSuccess(PutResponse response) {
                            ledger.acknowledge(attempt, response.getHeader().getRevision());
                            pipeline.release();
                        }

                        @Override
                        public void onFailure(Throwable error) {
                            stop(error);
                            pipeline.release();
                        }
                    },
                    MoreExecutors.directExecutor());
        }
    }

    private void delete() {
        if (deletable.isEmpty()) {
            return;
        }
        String key = deletable.removeLast();
        Attempt attempt = noted(nextId(), Attempt.delete(key));
        DeleteRangeResponse response = grpc.kv()
                .deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .build());
        ledger.acknowledge(attempt, response.getHeader().getRevision());
        if (response.getDeleted() != 1) {
            ledger.complain("Delete of the acknowledged key " + key + " deleted " + response.getDeleted());
        }
    }

    /** Two puts and, if there is a key to delete, a delete; guarded by a compare that always holds. */
    private void transact() {
        String id = nextId();
        String value = value(id);
        List<String> changes = new ArrayList<>();
        TxnRequest.Builder request = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(ByteString.copyFromUtf8(name + "/never"))
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setVersion(0));
        for (String key : List.of(name + "/t1", name + "/t/" + id)) {
            changes.add(Attempt.put(key, value));
            request.addSuccess(RequestOp.newBuilder().setRequestPut(putRequest(key, value, 0)));
        }
        if (!deletable.isEmpty()) {
            String key = deletable.removeLast();
            changes.add(Attempt.delete(key));
            request.addSuccess(RequestOp.newBuilder()
                    .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))));
        }
        Attempt attempt = noted(id, changes.toArray(String[]::new));
        TxnResponse response = grpc.kv().txn(request.build());
        ledger.acknowledge(attempt, response.getHeader().getRevision());
        if (!response.getSucceeded()) {
            ledger.complain("Compare failed in " + attempt);
        }
    }

    private void useLease() {
        LeaseNote lease = new LeaseNote(random.nextLong(1, Long.MAX_VALUE));
        leases.add(lease);
        grpc.lease()
                .leaseGrant(LeaseGrantRequest.newBuilder()
                        .setID(lease.id)
                        .setTTL(LeaseNote.TTL_SECONDS)
                        .build());
        lease.granted = true;
        for (int i = 0; i < KEYS_PER_LEASE; i++) {
            String id = nextId();
            String key = name + "/l/" + id;
            put(id, key, lease.id);
            lease.keys.add(key);
        }
        if (random.nextBoolean()) {
            String[] changes = lease.keys.stream().map(Attempt::delete).toArray(String[]::new);
            Attempt revocation = noted(nextId(), changes);
            lease.revocation = revocation;
            long revision = grpc.lease()
                    .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease.id).build())
                    .getHeader()
                    .getRevision();
            ledger.acknowledge(revocation, revision);
        }
    }
}
