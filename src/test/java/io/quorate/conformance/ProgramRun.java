package io.quorate.conformance;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.HttpTransport;
import io.quorate.fixture.StreamRecorder;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One run of one program on one server. */
final class ProgramRun implements AutoCloseable {

    /** No answer takes longer, unless something is wrong. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final GrpcConnection grpc;
    private final Symbols symbols;
    private final Names names;
    private final HttpCalls http;
    private final Sentinels sentinels;
    private final List<WatchLog> watches = new ArrayList<>();
    private final StreamRecorder<LeaseKeepAliveResponse> renewals = new StreamRecorder<>();
    private @Nullable StreamObserver<LeaseKeepAliveRequest> renewing;

    ProgramRun(GrpcConnection grpc, HttpTransport transport, Symbols symbols, Names names) {
        this.grpc = grpc;
        this.symbols = symbols;
        this.names = names;
        sentinels = new Sentinels(grpc);
        http = new HttpCalls(transport, symbols, names, sentinels);
    }

    /** The answers to all steps, and last what the watchers saw. */
    List<JsonNode> run(Program program) {
        List<JsonNode> answers = new ArrayList<>();
        for (Step step : program.steps()) {
            answers.add(answer(step));
        }
        sentinels.settle(watches);
        var seen = JsonNodeFactory.instance.arrayNode();
        watches.forEach(log -> seen.add(log.seen(names)));
        answers.add(seen);
        return answers;
    }

    private JsonNode answer(Step step) {
        return switch (step) {
            case Step.Call call -> {
                Message request = symbols.resolve(call.request());
                yield call(call.rpc(), request);
            }
            case Step.KeepAlive keepAlive -> keepAlive(symbols.resolve(keepAlive.request()));
            case Step.WatchCreate create -> create(create);
            case Step.WatchCancel cancel -> cancel(log(cancel.stream()), cancel.watchId());
            case Step.WatchProgress progress -> progress(log(progress.stream()));
            case Step.Http request -> {
                JsonNode answer = http.send(request);
                Message understood = Legible.request(request);
                Message meant = understood == null ? null : symbols.resolve(understood);
                if (answer.path("status").asInt(0) == 200) {
                    noteCompaction(meant);
                }
                yield answer;
            }
            case Step.HttpWatch watch -> http.watch(watch);
        };
    }

    private JsonNode call(Rpc rpc, Message request) {
        // A watcher that reads earlier records when it sends must have done so before they are compacted.
        if (rpc == Rpc.COMPACT) {
            sentinels.settle(watches);
        }
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Message response = ClientCalls.blockingUnaryCall(grpc.channel(), rpc.method(), options, request);
            if (request instanceof LeaseGrantRequest grant && grant.getID() == 0) {
                symbols.chosen(((LeaseGrantResponse) response).getID());
            }
            noteCompaction(request);
            return names.of(response);
        } catch (StatusRuntimeException e) {
            return error(e.getStatus());
        }
    }

    private void noteCompaction(@Nullable Message done) {
        if (done instanceof CompactionRequest compaction) {
            symbols.compacted(compaction.getRevision());
        }
    }

    private static ObjectNode error(Status status) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("code", status.getCode().name())
                .put("text", status.getDescription());
    }

    private JsonNode keepAlive(LeaseKeepAliveRequest request) {
        if (renewing == null) {
            renewing = grpc.leaseStreams().leaseKeepAlive(renewals);
        }
        renewing.onNext(request);
        LeaseKeepAliveResponse response = renewals.next(PATIENCE);
        return response == null
                ? JsonNodeFactory.instance.stringNode("no answer, stream ended: " + renewals.hasEnded())
                : names.of(response);
    }

    private WatchLog log(int stream) {
        while (watches.size() <= stream) {
            watches.add(new WatchLog(grpc));
        }
        return watches.get(stream);
    }

    private JsonNode create(Step.WatchCreate step) {
        WatchLog log = log(step.stream());
        JsonNode answer = log.create(symbols.resolve(step.request()), names);
        if (step.request().getStartRevision() != 0) {
            sentinels.settle(List.of(log));
        }
        return answer;
    }

    private JsonNode cancel(WatchLog log, long watchId) {
        sentinels.settle(List.of(log));
        return log.cancel(watchId, names);
    }

    private JsonNode progress(WatchLog log) {
        return log.progress(sentinels.settle(List.of(log)), names);
    }

    @Override
    public void close() {
        watches.forEach(WatchLog::close);
        if (renewing != null) {
            renewing.onCompleted();
        }
    }
}
