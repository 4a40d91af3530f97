package io.quorate.integration.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.reflect.ClassPath;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestMember;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.backups.BackupsGrpc;
import io.quorate.proto.following.FollowingGrpc;
import io.quorate.proto.history.HistoryGrpc;
import io.quorate.proto.inspection.InspectionGrpc;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call by everybody, over every way there is: what {@link AccessTable} says comes of it. */
class AccessIT {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final Set<Caller> BY_TOKEN = EnumSet.complementOf(EnumSet.of(Caller.CERTIFIED));
    private static final Set<String> OURS = Set.of(
            FollowingGrpc.SERVICE_NAME,
            HistoryGrpc.SERVICE_NAME,
            BackupsGrpc.SERVICE_NAME,
            InspectionGrpc.SERVICE_NAME);
    private static final String UNKNOWN = "abcdefghijklmnop.1";

    @TempDir
    private static Path files;

    private static AccessScene byToken;
    private static AccessScene byCertificate;

    /** How a call is made. */
    enum Way {
        GRPC,
        /** Which gRPC's own server serves. */
        GZIP,
        JSON
    }

    @BeforeAll
    static void start() {
        byToken = AccessScene.byPasswords(TestMember.create(Map.of()).start());
        TestAuthority authority = new TestAuthority("clients");
        TestAuthority.replace(files.resolve("ca.crt"), authority.pem());
        authority.issue("server", "127.0.0.1", "localhost").writeTo(files, "server");
        TestMember member = TestMember.create(Map.of(
                        "cert-file", files.resolve("server.crt").toString(),
                        "key-file", files.resolve("server.key").toString(),
                        "trusted-ca-file", files.resolve("ca.crt").toString(),
                        "client-cert-auth", "true"))
                .start();
        byCertificate = AccessScene.byCertificates(member, authority);
    }

    @AfterAll
    static void stop() {
        byToken.close();
        byCertificate.close();
    }

    @ParameterizedTest
    @EnumSource
    void callsByTokenEndAsTheTableSays(Way way) {
        List<String> wrong = new ArrayList<>();
        for (AccessTable.Row row : AccessTable.rows()) {
            for (Caller caller : BY_TOKEN) {
                check(row, caller, way, wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void callsByCertificateEndAsTheTableSays() {
        List<String> wrong = new ArrayList<>();
        for (AccessTable.Row row : AccessTable.rows()) {
            for (Way way : List.of(Way.GRPC, Way.GZIP)) {
                check(row, Caller.CERTIFIED, way, wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(AccessTable.Row row, Caller caller, Way way, List<String> wrong) {
        AccessScene scene = caller == Caller.CERTIFIED ? byCertificate : byToken;
        String path = path(row.method());
        if (way == Way.JSON && path.isEmpty()) {
            return; // not offered over JSON
        }
        if (!scene.isQuorate() && row.method().equals(ElectionGrpc.getObserveMethod())) {
            return; // etcd ends the stream without a word
        }
        if (!scene.isQuorate() && OURS.contains(row.method().getServiceName())) {
            return; // etcd follows nobody
        }
        Message request = row.request().apply(scene);
        Verdict verdict;
        if (way == Way.JSON) {
            verdict = byJson(scene, caller, path, request);
        } else {
            verdict = byGrpc(scene, caller, row.method(), request, way == Way.GZIP);
        }
        scene.restore();
        if (verdict != row.verdict(caller)) {
            wrong.add(row + " by " + caller + " over " + way + ": " + verdict + " instead of " + row.verdict(caller));
        }
    }

    @SuppressWarnings("unchecked") // the table pairs methods with requests of theirs
    private static Verdict byGrpc(
            AccessScene scene,
            Caller caller,
            MethodDescriptor<? extends Message, ? extends Message> method,
            Message request,
            boolean compressed) {
        Metadata metadata = new Metadata();
        String token = token(scene, caller);
        if (token != null) {
            metadata.put(TOKEN, token);
        }
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
        if (compressed) {
            options = options.withCompression("gzip");
        }
        var call = ClientInterceptors.intercept(
                        scene.channel(caller), MetadataUtils.newAttachHeadersInterceptor(metadata))
                .newCall((MethodDescriptor<Message, Message>) method, options);
        try {
            Message answer = method.getType() == MethodType.UNARY
                    ? ClientCalls.blockingUnaryCall(call, request)
                    : FirstAnswer.of(call, request);
            return answer instanceof WatchResponse watched
                    ? Verdict.ofError(watched.getCancelReason().replace("rpc error: ", ""))
                    : Verdict.PERMITTED;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isNotEqualTo(Status.Code.DEADLINE_EXCEEDED);
            return Verdict.ofError(e.getStatus().getDescription());
        }
    }

    private static @org.jspecify.annotations.Nullable String token(AccessScene scene, Caller caller) {
        return switch (caller) {
            case NOBODY, CERTIFIED -> null;
            case UNKNOWN_TOKEN -> UNKNOWN;
            default -> scene.token(caller);
        };
    }

    private static Verdict byJson(AccessScene scene, Caller caller, String path, Message request) {
        String token = token(scene, caller);
        Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", token);
        try (Http1Transport transport = new Http1Transport(scene.url(), headers)) {
            String body = JsonFormat.printer().print(request);
            if (path.endsWith("/watch") || path.endsWith("/observe")) {
                try (var stream = transport.stream(path, body)) {
                    return Verdict.ofError(stream.nextLine());
                }
            }
            HttpReply reply = transport.send("POST", path, body);
            return Verdict.ofError(reply.body());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** As the gateway finds it, but whichever class the option was read by. */
    private static String path(MethodDescriptor<?, ?> method) {
        if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier proto)) {
            return "";
        }
        return proto.getMethodDescriptor().getOptions().getAllFields().entrySet().stream()
                .filter(option -> option.getKey().getFullName().equals("google.api.http"))
                .map(option -> (Message) option.getValue())
                .map(rule -> rule.getField(rule.getDescriptorForType().findFieldByName("post")))
                .map(Object::toString)
                .findFirst()
                .orElse("");
    }

    /** A call without a row could be open to everybody. */
    @Test
    void everyCallHasARow() throws IOException {
        Set<String> rows = AccessTable.rows().stream()
                .map(row -> row.method().getFullMethodName())
                .collect(Collectors.toSet());
        Set<String> served =
                ClassPath.from(getClass().getClassLoader()).getTopLevelClassesRecursive("io.quorate.proto").stream()
                        .filter(type -> type.getSimpleName().endsWith("Grpc"))
                        .flatMap(type -> methods(type.load()).stream())
                        .collect(Collectors.toSet());
        assertThat(served).hasSizeGreaterThan(40);
        assertThat(rows).containsAll(served);
    }

    private static List<String> methods(Class<?> stubs) {
        try {
            ServiceDescriptor service =
                    (ServiceDescriptor) stubs.getMethod("getServiceDescriptor").invoke(null);
            return service.getMethods().stream()
                    .map(MethodDescriptor::getFullMethodName)
                    .toList();
        } catch (IllegalAccessException | InvocationTargetException | NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
