package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.inspection.InspectionGrpc;
import io.quorate.proto.inspection.OpenStream;
import io.quorate.proto.inspection.OpenStreamsRequest;
import io.quorate.proto.inspection.OpenStreamsResponse;
import io.quorate.proto.inspection.Setting;
import io.quorate.proto.inspection.SettingsRequest;
import io.quorate.proto.inspection.SettingsResponse;
import io.quorate.proto.inspection.SlowCallsRequest;
import io.quorate.proto.inspection.SlowCallsResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;

/** What a member does for its clients, and how it is set up. For users with the role root. */
@RequiredArgsConstructor
public final class InspectionService extends InspectionGrpc.InspectionImplBase {

    /** Streams that are told of one by one. */
    static final int STREAMS_MAX = 1000;

    private static final long NANOS_PER_MICRO = 1000;

    private final Access access;
    private final Subject subject;
    private final Headers headers;
    private final LongSupplier revision;
    private final LongSupplier appliedTerm;

    /**
     * What is inspected.
     *
     * @param slowAfter calls that take longer are slow, now; zero means that none is
     * @param settings those in force, without secrets
     */
    public record Subject(CallRegister calls, Supplier<Duration> slowAfter, Supplier<List<Known>> settings) {}

    /** One setting: its value, where it was set, and when a change counts. */
    public record Known(String name, String value, String origin, String change) {}

    @Override
    public void slowCalls(SlowCallsRequest request, StreamObserver<SlowCallsResponse> call) {
        access.admin(call, () -> Answers.compute(this::slow, call));
    }

    private SlowCallsResponse slow() {
        return SlowCallsResponse.newBuilder()
                .setHeader(header())
                .addAllCalls(subject.calls().slow())
                .setTotal(subject.calls().slowTotal())
                .setSlowerThanMicros(Math.ceilDiv(subject.slowAfter().get().toNanos(), NANOS_PER_MICRO))
                .build();
    }

    @Override
    public void openStreams(OpenStreamsRequest request, StreamObserver<OpenStreamsResponse> call) {
        access.admin(call, () -> Answers.compute(this::open, call));
    }

    private OpenStreamsResponse open() {
        List<CallRegister.Stream> open = subject.calls().open();
        OpenStreamsResponse.Builder answer =
                OpenStreamsResponse.newBuilder().setHeader(header()).setTotal(open.size());
        open.stream().limit(STREAMS_MAX).forEach(each -> answer.addStreams(told(each)));
        return answer.build();
    }

    private static OpenStream told(CallRegister.Stream stream) {
        String user = stream.user();
        return OpenStream.newBuilder()
                .setMethod(stream.method())
                .setClient(stream.client())
                .setUser(user == null ? "" : user)
                .setSinceMillis(stream.sinceMillis())
                .setReceivedBytes(stream.receivedBytes())
                .setSentBytes(stream.sentBytes())
                .setSentMessages(stream.sentMessages())
                .build();
    }

    @Override
    public void settings(SettingsRequest request, StreamObserver<SettingsResponse> call) {
        access.admin(call, () -> Answers.compute(this::settings, call));
    }

    private SettingsResponse settings() {
        SettingsResponse.Builder answer = SettingsResponse.newBuilder().setHeader(header());
        subject.settings()
                .get()
                .forEach(each -> answer.addSettings(Setting.newBuilder()
                        .setName(each.name())
                        .setValue(each.value())
                        .setOrigin(each.origin())
                        .setChange(each.change())));
        return answer.build();
    }

    private ResponseHeader header() {
        return headers.of(revision.getAsLong(), appliedTerm.getAsLong());
    }
}
