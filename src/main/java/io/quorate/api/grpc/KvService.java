package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.apply.Permissions;
import io.quorate.apply.RangeQueries;
import io.quorate.apply.RequestKind;
import io.quorate.apply.TxnApplier;
import io.quorate.base.CallTrace;
import io.quorate.base.Stages;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.OpenRange;
import io.quorate.mvcc.RangeAnswer;
import io.quorate.mvcc.RangeQuery;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.ReadView;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.ReadPool;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.CompactionResponse;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RangeStreamResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/** etcd's KV service. Changes go through Raft; reads confirm the leadership first unless they are serializable. */
@RequiredArgsConstructor
public final class KvService extends KVGrpc.KVImplBase {

    private final Access access;
    private final LinearizableReader reader;
    private final State state;
    private final Headers headers;
    private final ReadPool readPool;
    private final SpaceGate space;
    private final Limits limits;
    private final MeteredReads metered;

    /** What reads are answered from. */
    public record State(MvccStore store, LongSupplier appliedTerm, KvCounters counters, ExecutionTimes times) {}

    /**
     * Bounds of requests.
     *
     * @param operationsMax in one transaction
     * @param partBytes about how large one part of a streamed range becomes
     */
    public record Limits(IntSupplier operationsMax, long partBytes) {}

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> call) {
        guard(call, () -> {
            RequestChecks.check(request);
            read(
                    request.getSerializable(),
                    call,
                    permissions -> permissions.check(request),
                    meter -> range(request, meter, form(call)));
        });
    }

    @Override
    public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> call) {
        guard(call, () -> {
            RequestChecks.checkStreamed(request);
            state.counters().range();
            RangeStreamCall stream = new RangeStreamCall(
                    request,
                    (ServerCallStreamObserver<RangeStreamResponse>) call,
                    state.store(),
                    revision -> headers.of(revision, state.appliedTerm().getAsLong()),
                    limits.partBytes(),
                    metered.large());
            stream.attach();
            Caller caller = Caller.current();
            if (request.getSerializable()) {
                begin(stream, caller, request);
                return;
            }
            Stages.whenDone("a streamed range", reader.awaitLinearizable(), (ignored, failure) -> {
                if (failure != null) {
                    stream.fail(failure);
                } else {
                    begin(stream, caller, request);
                }
            });
        });
    }

    private void begin(RangeStreamCall stream, Caller caller, RangeRequest request) {
        access.identify(
                caller,
                identity -> {
                    access.permissions(identity).check(request);
                    stream.begin(() -> access.rules().requireCurrent(identity));
                },
                stream::fail);
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> call) {
        guard(call, () -> {
            if (!space.admits(SpaceQuota.cost(request))) {
                space.refuse(call);
                return;
            }
            RequestChecks.check(request);
            propose(InternalRaftRequest.newBuilder().setPut(request), call);
        });
    }

    @Override
    public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> call) {
        guard(call, () -> {
            RequestChecks.check(request);
            propose(InternalRaftRequest.newBuilder().setDeleteRange(request), call);
        });
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> call) {
        guard(call, () -> {
            if (!space.admits(SpaceQuota.cost(request))) {
                space.refuse(call);
                return;
            }
            RequestChecks.check(request, limits.operationsMax().getAsInt());
            if (isReadOnly(request)) {
                read(
                        isSerializable(request),
                        call,
                        permissions -> permissions.check(request),
                        meter -> txn(request, meter, form(call)));
            } else {
                propose(InternalRaftRequest.newBuilder().setTxn(request), call);
            }
        });
    }

    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> call) {
        access.admin(call, () -> propose(InternalRaftRequest.newBuilder().setCompaction(request), call));
    }

    /** Callers inside this member look into the answer; what goes over the wire need not be parsed for that. */
    private static RangeQueries.Form form(StreamObserver<?> call) {
        return call instanceof ServerCallStreamObserver ? RangeQueries::encoded : RangeQueries::response;
    }

    private RangeResponse range(RangeRequest request, RecordMeter meter, RangeQueries.Form form) {
        state.counters().range();
        long started = state.times().now();
        boolean success = false;
        try {
            RangeQuery query = RangeQueries.query(request, meter);
            RangeAnswer answer = meter instanceof Gathering gathering
                    ? gathering.open(state.store(), query)
                    : state.store().range(query);
            success = true;
            ResponseHeader header =
                    headers.of(answer.revision(), state.appliedTerm().getAsLong());
            return switch (answer) {
                case RangeResult whole -> form.of(whole, header);
                case OpenRange rest ->
                    RangeResponse.newBuilder().setHeader(header).build();
            };
        } finally {
            state.times().read(RequestKind.RANGE, request, success, started);
        }
    }

    private TxnResponse txn(TxnRequest request, RecordMeter meter, RangeQueries.Form form) {
        state.counters().txn();
        long started = state.times().now();
        try (ReadView view = state.store().read()) {
            return TxnApplier.read(request, view, meter, form)
                    .setHeader(headers.of(view.revision(), state.appliedTerm().getAsLong()))
                    .build();
        } finally {
            state.times().read(RequestKind.TXN, request, true, started);
        }
    }

    private <T extends Message> void read(
            boolean serializable,
            StreamObserver<T> call,
            Consumer<Permissions> check,
            Function<RecordMeter, T> untraced) {
        Function<RecordMeter, T> answer = traced(CallTrace.current(), untraced);
        Caller caller = Caller.current();
        if (serializable) {
            readPool.admit(() -> read(caller, call, check, answer));
            return;
        }
        Stages.whenDone("a read", reader.awaitLinearizable(), (ignored, failure) -> {
            if (failure != null) {
                Answers.fail(call, failure);
            } else {
                read(caller, call, check, answer);
            }
        });
    }

    private <T extends Message> void read(
            Caller caller, StreamObserver<T> call, Consumer<Permissions> check, Function<RecordMeter, T> answer) {
        access.identify(
                caller,
                call,
                identity -> metered.answer(call, meter -> access.read(identity, check, () -> answer.apply(meter))));
    }

    private static <T> Function<RecordMeter, T> traced(CallTrace trace, Function<RecordMeter, T> read) {
        return meter -> {
            CallTrace before = trace.enter();
            try {
                trace.reach(CallTrace.Step.READING);
                T answer = read.apply(meter);
                trace.reach(CallTrace.Step.READ);
                return answer;
            } finally {
                before.enter();
            }
        };
    }

    private void propose(InternalRaftRequest.Builder request, StreamObserver<? extends Message> call) {
        access.propose(request, call);
    }

    private static void guard(StreamObserver<?> call, Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            Answers.fail(call, e);
        }
    }

    /** A nested transaction makes it a write, whatever it holds. */
    private static boolean isReadOnly(TxnRequest request) {
        return allRanges(request.getSuccessList()) && allRanges(request.getFailureList());
    }

    private static boolean allRanges(List<RequestOp> operations) {
        return operations.stream().allMatch(RequestOp::hasRequestRange);
    }

    /** True also for a transaction without operations: its comparisons are answered locally, as etcd does. */
    private static boolean isSerializable(TxnRequest request) {
        return allSerializable(request.getSuccessList()) && allSerializable(request.getFailureList());
    }

    private static boolean allSerializable(List<RequestOp> operations) {
        return operations.stream()
                .allMatch(operation -> operation.getRequestRange().getSerializable());
    }
}
