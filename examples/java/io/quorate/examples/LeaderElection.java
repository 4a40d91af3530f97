package io.quorate.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.election.CampaignResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Two candidates for one office. The second waits until the first resigns, or its lease runs out because it died. Whoever leads is to
 * stop when its lease is gone: renew it, and give up when that fails.
 */
public final class LeaderElection {

    private static final ByteSequence OFFICE = bytes("offices/scheduler");
    private static final long LEASE_SECONDS = 30;

    private LeaderElection() {}

    /** @param endpoints of the members */
    public static void main(String[] endpoints) throws Exception {
        try (Client client = Client.builder().endpoints(endpoints).build()) {
            Election election = client.getElectionClient();
            CampaignResponse anna =
                    election.campaign(OFFICE, lease(client), bytes("anna")).get();
            System.out.println("leads: " + leader(election));

            CompletableFuture<CampaignResponse> bert = election.campaign(OFFICE, lease(client), bytes("bert"));
            System.out.println("bert waits: " + !bert.isDone());

            election.resign(anna.getLeader()).get();
            CampaignResponse won = bert.get();
            System.out.println("leads: " + leader(election));
            election.resign(won.getLeader()).get();
        }
    }

    private static long lease(Client client) throws Exception {
        return client.getLeaseClient().grant(LEASE_SECONDS).get().getID();
    }

    private static String leader(Election election) {
        return election.leader(OFFICE).join().getKv().getValue().toString(UTF_8);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
