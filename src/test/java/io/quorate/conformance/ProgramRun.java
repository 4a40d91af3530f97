package io.quorate.conformance;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.StreamRecorder;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.AuthenticateResponse;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Keeper keeper;
    private final List<WatchLog> watches = new ArrayList<>();
    private final Map<List<?>, WatchLog> watchesOf = new HashMap<>();
    private final Map<Who, Renewals> renewals = new HashMap<>();

    /** Renewals of leases by one client. */
    private record Renewals(
            StreamObserver<LeaseKeepAliveRequest> requests, StreamRecorder<LeaseKeepAliveResponse> answers) {}

    ProgramRun(GrpcConnection grpc, Http1Transport transport, Keeper keeper, Symbols symbols, Names names) {
        this.keeper = keeper;
        this.grpc = grpc;
        this.symbols = symbols;
        this.names = names;
        sentinels = new Sentinels(keeper);
        http = new HttpCalls(transport, symbols, names, sentinels);
    }

    /** The answers to all steps, and last what the watchers saw. */
    List<JsonNode> run(Program program) {
        List<JsonNode> answers = new ArrayList<>();
        for (Step step : program.steps()) {
            answers.add(step instanceof Step.As(Who who, Step inner) ? answer(inner, who) : answer(step, Who.NOBODY));
        }
        sentinels.settle(watches);
        var seen = JsonNodeFactory.instance.arrayNode();
        watches.forEach(log -> seen.add(log.seen(names)));
        answers.add(seen);
        return answers;
    }

    private JsonNode answer(Step step, Who who) {
        String token = symbols.token(who);
        return switch (step) {
            case Step.Call call -> {
                Message request = symbols.resolve(call.request());
                yield call(call.rpc(), request, token);
            }
            case Step.KeepAlive keepAlive -> keepAlive(symbols.resolve(keepAlive.request()), who);
            case Step.WatchCreate create -> create(create, log(create.stream(), who));
            case Step.WatchCancel cancel -> cancel(log(cancel.stream(), who), cancel.watchId());
            case Step.WatchProgress progress -> progress(log(progress.stream(), who));
            case Step.Http request -> {
                prepare(request.path().endsWith(Rpc.AUTH_ENABLE.path()));
                JsonNode answer = http.send(request, token);
                Message understood = Legible.request(request);
                Message meant = understood == null ? null : symbols.resolve(understood);
                if (answer.path("status").asInt(0) == 200) {
                    noteCompaction(meant);
                }
                yield answer;
            }
            case Step.HttpWatch watch -> http.watch(watch, token);
            case Step.As as -> throw new IllegalArgumentException("in two names: " + as);
        };
    }

    /** Whoever looks after the server must still be able to when authentication is on. */
    private void prepare(boolean isEnable) {
        if (isEnable) {
            keeper.prepare();
        }
    }

    private JsonNode call(Rpc rpc, Message request, @Nullable String token) {
        prepare(rpc == Rpc.AUTH_ENABLE);
        // A watcher that reads earlier records when it sends must have done so before they are compacted.
        if (rpc == Rpc.COMPACT) {
            sentinels.settle(watches);
        }
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Message response =
                    ClientCalls.blockingUnaryCall(Keeper.channel(grpc, token), rpc.method(), options, request);
            if (request instanceof LeaseGrantRequest grant && grant.getID() == 0) {
                symbols.chosen(((LeaseGrantResponse) response).getID());
            }
            if (request instanceof AuthenticateRequest login) {
                symbols.loggedIn(login.getName(), ((AuthenticateResponse) response).getToken());
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

    /** A stream that was refused has ended; the next request of the same client goes on another. */
    private JsonNode keepAlive(LeaseKeepAliveRequest request, Who who) {
        Renewals stream = renewals.computeIfAbsent(who, this::renewals);
        stream.requests().onNext(request);
        LeaseKeepAliveResponse response = stream.answers().nextOrEnd(PATIENCE);
        if (response != null) {
            return names.of(response);
        }
        renewals.remove(who);
        return stream.answers().hasEnded()
                ? error(stream.answers().end())
                : JsonNodeFactory.instance.stringNode("no answer");
    }

    private Renewals renewals(Who who) {
        StreamRecorder<LeaseKeepAliveResponse> answers = new StreamRecorder<>();
        return new Renewals(
                LeaseGrpc.newStub(Keeper.channel(grpc, symbols.token(who))).leaseKeepAlive(answers), answers);
    }

    /** A stream has the token that its client had when it began. */
    private WatchLog log(int stream, Who who) {
        for (int i = 0; i <= stream; i++) {
            watchesOf.computeIfAbsent(List.of(i, who), first -> {
                WatchLog log = new WatchLog(Keeper.channel(grpc, symbols.token(who)));
                watches.add(log);
                return log;
            });
        }
        return Objects.requireNonNull(watchesOf.get(List.of(stream, who)));
    }

    private JsonNode create(Step.WatchCreate step, WatchLog log) {
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
        renewals.values().forEach(each -> each.requests().onCompleted());
    }
}
