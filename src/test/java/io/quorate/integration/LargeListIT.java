package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.quorate.fixture.Http1Transport;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.mvccpb.KeyValue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** Lists that are larger than what a member holds for them. */
class LargeListIT extends BoundedMemberCase {

    private static final int MIB = 1 << 20;
    private static final int LISTS = 50;
    private static final int WRITERS = 16;
    private static final int OPEN_LISTS_MAX = 64;
    private static final Duration LONG = Duration.ofMinutes(2);

    /** What one list of 150 MB may take. */
    private static final long LIST_BYTES_MAX = 32 * MIB;

    private static final Pattern HELD =
            Pattern.compile("quorate_client_memory_held_bytes\\{account=\"\\w+\"} ([0-9.E]+)");

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8(String.format(Locale.ROOT, "list/%06d", number));
    }

    private void fill(int records, int valueBytes) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int first = writer;
                writers.add(threads.submit(() -> {
                    byte[] value = new byte[valueBytes];
                    for (int i = first; i < records; i += WRITERS) {
                        value[0] = (byte) i;
                        kv().put(PutRequest.newBuilder()
                                .setKey(key(i))
                                .setValue(ByteString.copyFrom(value))
                                .build());
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }

    private static RangeRequest.Builder all() {
        return RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("list/"))
                .setRangeEnd(ByteString.copyFromUtf8("list0"));
    }

    /** The same records, page by page. */
    private List<KeyValue> pages(long revision) {
        List<KeyValue> records = new ArrayList<>();
        RangeRequest.Builder request = all().setLimit(20).setRevision(revision);
        RangeResponse page;
        do {
            page = kv().range(request.build());
            records.addAll(page.getKvsList());
            request.setKey(records.getLast().getKey().concat(ByteString.copyFrom(new byte[1])));
        } while (page.getMore());
        return records;
    }

    /** A list, on a connection of its own, whose client takes nothing until it is told to. */
    private final class StalledList extends ClientCall.Listener<RangeResponse> {

        final CompletableFuture<RangeResponse> response = new CompletableFuture<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();
        private final ManagedChannel own;
        private final ClientCall<RangeRequest, RangeResponse> call;

        StalledList(RangeRequest request) {
            own = connect();
            call = own.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.sendMessage(request);
            call.halfClose();
        }

        RangeResponse take() throws Exception {
            call.request(2);
            assertThat(end.get(5, TimeUnit.MINUTES)).isEqualTo(Status.OK);
            return response.get(1, TimeUnit.MINUTES);
        }

        @Override
        public void onMessage(RangeResponse message) {
            response.complete(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            own.shutdown();
            end.complete(status);
        }
    }

    /** A starved machine takes its time. */
    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(3));
    }

    private String metrics() {
        try (Http1Transport http = new Http1Transport(member.clientUrl())) {
            return http.send("GET", "/metrics", "").body();
        }
    }

    private double heldBytes() {
        Matcher held = HELD.matcher(metrics());
        double sum = 0;
        while (held.find()) {
            sum += Double.parseDouble(held.group(1));
        }
        return sum;
    }

    /** Each of them has two slices, and so a view. */
    private void awaitStalled(int lists) {
        await("answers that wait for their clients").until(() -> heldBytes() >= (double) lists * MIB / 2);
    }

    private void awaitNothingHeld() {
        await("memory to be given back").until(() -> heldBytes() == 0);
    }

    @Test
    void listWhenItIs150MegabytesTakes32AtMost() throws Exception {
        fill(10_000, 15_000);
        StalledList list = new StalledList(all().build());
        awaitStalled(1);
        assertThat(heldBytes()).as("with a client that does not read").isLessThanOrEqualTo(LIST_BYTES_MAX);

        CompletableFuture<RangeResponse> response = CompletableFuture.supplyAsync(() -> {
            try {
                return list.take();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        while (!response.isDone()) {
            assertThat(heldBytes()).as("while the client reads").isLessThanOrEqualTo(LIST_BYTES_MAX);
        }
        assertThat(response.get().getKvsCount()).isEqualTo(10_000);
        assertThat(response.get().getCount()).isEqualTo(10_000);
        assertThat(response.get().getMore()).isFalse();
        awaitNothingHeld();
    }

    @Test
    void listsWhenFiftyStallHoldLittleAndShowTheirRevision() throws Exception {
        fill(200, 50_000);
        List<KeyValue> before = pages(0);
        Queue<StalledList> lists = new ArrayDeque<>();
        for (int i = 0; i < LISTS; i++) {
            lists.add(new StalledList(all().build()));
        }
        awaitStalled(LISTS);
        assertThat(heldBytes()).isLessThan(LISTS * MIB);
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int i = 0; !over.get(); i = (i + 1) % 200) {
                kv().put(PutRequest.newBuilder().setKey(key(i)).build());
                kv().deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(key(i + 1))
                        .build());
            }
        });
        for (StalledList list = lists.poll(); list != null; list = lists.poll()) {
            RangeResponse response = list.take();
            assertThat(response.getCount()).isEqualTo(200);
            assertThat(response.getKvsList()).isEqualTo(before);
        }
        over.set(true);
        writer.join();
        awaitNothingHeld();
    }

    /** Beyond a number of views lists are held as a whole, within the memory for that. */
    @Test
    void listsWhenMoreThanMayBeOpenAreAnswered() throws Exception {
        fill(200, 50_000);
        List<KeyValue> before = pages(0);
        Queue<StalledList> lists = new ArrayDeque<>();
        for (int i = 0; i < OPEN_LISTS_MAX + 2; i++) {
            lists.add(new StalledList(all().build()));
        }
        await("all lists").until(() -> heldBytes() >= (OPEN_LISTS_MAX / 2 + 2 * 9.5) * MIB);
        assertThat(metrics()).contains("quorate_lists_open " + OPEN_LISTS_MAX + ".0\n");
        for (StalledList list = lists.poll(); list != null; list = lists.poll()) {
            assertThat(list.take().getKvsList()).isEqualTo(before);
        }
        awaitNothingHeld();
        await("views to be given back").until(() -> metrics().contains("quorate_lists_open 0.0\n"));
    }

    @Test
    void listWhenItsRevisionIsCompactedMeanwhileGoesOn() throws Exception {
        fill(200, 50_000);
        List<KeyValue> before = pages(0);
        long revision =
                before.stream().mapToLong(KeyValue::getModRevision).max().getAsLong();
        kv().put(PutRequest.newBuilder().setKey(key(7)).build());
        List<KeyValue> after = pages(0);
        StalledList newest = new StalledList(all().build());
        StalledList old = new StalledList(all().setRevision(revision).build());
        awaitStalled(2);
        fill(100, 10);
        kv().compact(CompactionRequest.newBuilder()
                .setRevision(revision + 50)
                .setPhysical(true)
                .build());

        assertThat(old.take().getKvsList()).isEqualTo(before);
        assertThat(newest.take().getKvsList()).isEqualTo(after);
        awaitNothingHeld();
    }

    @Test
    void memberWhenItStopsInTheMiddleEndsTheList() throws Exception {
        fill(400, 50_000);
        StalledList list = new StalledList(all().build());
        awaitStalled(1);
        member.terminate(LONG);
        list.call.request(2); // what came hides the end of the connection
        assertThat(list.end.get(5, TimeUnit.MINUTES).getCode()).isNotEqualTo(Status.Code.OK);
        assertThat(member.output()).doesNotContain("still open");
        member.start();
        assertThat(kv().withWaitForReady()
                        .range(all().setCountOnly(true).build())
                        .getCount())
                .isEqualTo(400);
    }
}
