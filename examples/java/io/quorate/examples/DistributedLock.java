package io.quorate.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.support.CloseableClient;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two workers that add to one number, each with the lock while it reads and writes. The lock hangs on a lease: when a worker dies, the
 * lease runs out and the other goes on.
 */
public final class DistributedLock {

    private static final ByteSequence LOCK = ByteSequence.from("locks/counter", UTF_8);
    private static final ByteSequence COUNTER = ByteSequence.from("counter", UTF_8);
    private static final int ROUNDS = 10;
    private static final long LEASE_SECONDS = 10;

    /** Renewals go on by themselves; a program that must stop when they fail looks at onError. */
    private static final StreamObserver<LeaseKeepAliveResponse> IGNORED = new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveResponse renewed) {}

        @Override
        public void onError(Throwable failure) {
            System.err.println("the lease is not renewed: " + failure.getMessage());
        }

        @Override
        public void onCompleted() {}
    };

    private DistributedLock() {}

    /** @param endpoints of the members */
    public static void main(String[] endpoints) throws Exception {
        try (Client client = Client.builder().endpoints(endpoints).build();
                ExecutorService workers = Executors.newFixedThreadPool(2)) {
            client.getKVClient().put(COUNTER, number(0)).get();
            Callable<Integer> worker = () -> work(client);
            for (Future<Integer> done : workers.invokeAll(List.of(worker, worker))) {
                System.out.println("added " + done.get());
            }
            System.out.println("counter " + read(client));
        }
    }

    private static int work(Client client) throws Exception {
        long lease = client.getLeaseClient().grant(LEASE_SECONDS).get().getID();
        try (CloseableClient renewals = client.getLeaseClient().keepAlive(lease, IGNORED)) {
            for (int round = 0; round < ROUNDS; round++) {
                ByteSequence held =
                        client.getLockClient().lock(LOCK, lease).get().getKey();
                client.getKVClient().put(COUNTER, number(read(client) + 1)).get();
                client.getLockClient().unlock(held).get();
            }
        }
        client.getLeaseClient().revoke(lease).get();
        return ROUNDS;
    }

    private static int read(Client client) throws Exception {
        KeyValue found = client.getKVClient().get(COUNTER).get().getKvs().getFirst();
        return Integer.parseInt(found.getValue().toString(UTF_8));
    }

    private static ByteSequence number(int value) {
        return ByteSequence.from(Integer.toString(value), UTF_8);
    }
}
