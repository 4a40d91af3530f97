package io.quorate.sim.member;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.auth.AuthStore;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.identity.Identity;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthRoleRevokePermissionRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserRevokeRoleRequest;
import io.quorate.proto.AuthenticateResponse;
import io.quorate.proto.InternalAuthenticateRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.authpb.Permission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Users of a cluster, whose rights change while they write, and one without rights, of whose writes nothing may ever be seen.
 * They have random numbers of their own, and are there with every third seed only, so that the others are what they were.
 */
final class Users {

    /** Who may write what the clients write, most of the time. */
    static final String CLIENT = "client";

    /** Keys of the user without rights begin with it; the client's range has them. */
    static final String FORBIDDEN = "k-stranger";

    private static final String ROLE = "writers";
    private static final String STRANGER = "stranger";
    private static final ByteString FROM = ByteString.copyFromUtf8("k");
    private static final ByteString TO = ByteString.copyFromUtf8("m");
    private static final long PAUSE_MICROS = 120_000;
    private static final int LETTERS = 16;

    /** After these a change is as good as made. */
    private static final Set<RequestError> SETTLED = Set.of(
            RequestError.USER_EXISTS,
            RequestError.ROLE_EXISTS,
            RequestError.USER_NOT_FOUND,
            RequestError.ROLE_NOT_GRANTED,
            RequestError.PERMISSION_NOT_GRANTED,
            RequestError.AUTH_FAILED);

    private final SimulatedMember.World world;
    private final Random random;
    private final boolean happen;
    private final ArrayDeque<InternalRaftRequest> plan = new ArrayDeque<>();
    private final List<String> tokens = new ArrayList<>();
    private boolean ended;
    private int passwords;
    private long changes;
    private long refusals;
    private long recognised;

    Users(long seed, SimulatedMember.World world) {
        this.world = world;
        this.random = new Random(seed * 31 + 7);
        this.happen = seed % 3 == 1;
    }

    void begin() {
        if (happen) {
            plan.add(request()
                    .setAuthRoleAdd(AuthRoleAddRequest.newBuilder().setName(ROLE))
                    .build());
            plan.add(request().setAuthUserAdd(user(AuthStore.ROOT)).build());
            plan.add(granted(AuthStore.ROOT, AuthStore.ROOT));
            plan.add(request().setAuthUserAdd(user(STRANGER)).build());
            restore();
            plan.add(request()
                    .setAuthEnable(AuthEnableRequest.getDefaultInstance())
                    .build());
            later(this::administer);
            later(this::trespass);
        }
    }

    void end() {
        ended = true;
    }

    /** Changes of users, refused writes, and tokens that another member knew. */
    List<Long> counts() {
        return List.of(changes, refusals, recognised);
    }

    private void later(Runnable action) {
        world.timeline().after(1 + random.nextLong(2 * PAUSE_MICROS), () -> {
            if (!ended) {
                action.run();
            }
        });
    }

    private static InternalRaftRequest.Builder request() {
        return InternalRaftRequest.newBuilder();
    }

    /** Puts a name into a request, as a member does that has found out who makes it. */
    static InternalRaftRequest.Builder signed(MemberParts parts, String user, InternalRaftRequest.Builder request) {
        var rules = parts.state.auth().rules();
        if (rules.isEnabled()) {
            request.getHeaderBuilder().setUsername(user).setAuthRevision(rules.revision());
        }
        return request;
    }

    /** Everything that a member knows of users and roles. */
    static List<?> stateOf(MemberParts parts) {
        AuthStore store = parts.state.auth();
        return List.of(
                store.rules().isEnabled(),
                store.rules().revision(),
                store.userNames().stream()
                        .map(name -> Optional.ofNullable(store.find(name)))
                        .toList(),
                store.roleNames().stream().map(store::permissionsOf).toList());
    }

    private Optional<MemberParts> anyMember() {
        List<SimulatedMember> members = world.cluster().all();
        return Optional.ofNullable(members.get(random.nextInt(members.size())).parts())
                .filter(MemberParts::servesClients);
    }

    /** Takes something away and gives it back, over and over; what is not certain to have happened is asked for again. */
    private void administer() {
        if (plan.isEmpty()) {
            draw();
        }
        Optional<MemberParts> member = anyMember();
        if (member.isEmpty()) {
            later(this::administer);
            return;
        }
        InternalRaftRequest next = plan.getFirst();
        InternalRaftRequest.Builder request =
                next.hasAuthenticate() ? next.toBuilder() : signed(member.get(), AuthStore.ROOT, next.toBuilder());
        CompletableFuture<?> unused = member.get().proposer.propose(request).whenComplete((response, failure) -> {
            if (response != null || isSettled(failure)) {
                changes += response == null ? 0 : 1;
                note(response);
                plan.poll();
            }
            later(this::administer);
        });
        lookAtTokens();
    }

    private static boolean isSettled(@Nullable Throwable failure) {
        return causeOf(failure) instanceof RequestException refused && SETTLED.contains(refused.error());
    }

    private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
        return failure != null && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void note(@Nullable Message response) {
        if (response instanceof AuthenticateResponse login) {
            tokens.add(login.getToken());
        }
    }

    /** Whoever knows a token knows the same user by it. */
    private void lookAtTokens() {
        for (String token : tokens) {
            anyMember()
                    .map(parts -> parts.state.tokens().known(token))
                    .map(Identity::user)
                    .ifPresent(user -> {
                        recognised++;
                        if (!user.equals(CLIENT)) {
                            world.checks()
                                    .failed(new AssertionError("tokens: that of " + CLIENT + " is taken for " + user));
                        }
                    });
        }
    }

    private void draw() {
        switch (random.nextInt(6)) {
            case 0 ->
                plan.add(request()
                        .setAuthRoleRevokePermission(AuthRoleRevokePermissionRequest.newBuilder()
                                .setRole(ROLE)
                                .setKey(FROM)
                                .setRangeEnd(TO))
                        .build());
            case 1 ->
                plan.add(request()
                        .setAuthUserRevokeRole(AuthUserRevokeRoleRequest.newBuilder()
                                .setName(CLIENT)
                                .setRole(ROLE))
                        .build());
            case 2 ->
                plan.add(request()
                        .setAuthUserDelete(AuthUserDeleteRequest.newBuilder().setName(CLIENT))
                        .build());
            case 3 ->
                plan.add(request()
                        .setAuthUserChangePassword(AuthUserChangePasswordRequest.newBuilder()
                                .setName(CLIENT)
                                .setHashedPassword(hash()))
                        .build());
            default ->
                plan.add(request()
                        .setAuthenticate(InternalAuthenticateRequest.newBuilder()
                                .setName(CLIENT)
                                .setSimpleToken(letters()))
                        .build());
        }
        restore();
    }

    private void restore() {
        plan.add(request().setAuthUserAdd(user(CLIENT)).build());
        plan.add(granted(CLIENT, ROLE));
        plan.add(request()
                .setAuthRoleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                        .setName(ROLE)
                        .setPerm(Permission.newBuilder()
                                .setPermType(Permission.Type.READWRITE)
                                .setKey(FROM)
                                .setRangeEnd(TO)))
                .build());
    }

    private AuthUserAddRequest.Builder user(String name) {
        return AuthUserAddRequest.newBuilder().setName(name).setHashedPassword(hash());
    }

    private static InternalRaftRequest granted(String user, String role) {
        return request()
                .setAuthUserGrantRole(
                        AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role))
                .build();
    }

    /** Nobody compares it; it must be the same everywhere. */
    private String hash() {
        passwords++;
        return "hash" + (1_000 + passwords); // eight letters are base64, too
    }

    private String letters() {
        StringBuilder drawn = new StringBuilder();
        for (int i = 0; i < LETTERS; i++) {
            drawn.append((char) ('a' + random.nextInt(26)));
        }
        return drawn.toString();
    }

    /** Somebody without rights writes where authentication is on, and so it is wherever that will be applied. */
    private void trespass() {
        later(this::trespass);
        Optional<MemberParts> member =
                anyMember().filter(parts -> parts.state.auth().rules().isEnabled());
        if (member.isEmpty()) {
            return;
        }
        InternalRaftRequest.Builder write =
                request().setPut(Requests.put(FORBIDDEN + random.nextInt(3), random.nextInt(100)));
        InternalRaftRequest.Builder request = switch (random.nextInt(3)) {
            case 0 -> write;
            case 1 -> signed(member.get(), "nobody", write);
            default -> signed(member.get(), STRANGER, write);
        };
        CompletableFuture<?> unused = member.get().proposer.propose(request).whenComplete((response, failure) -> {
            if (response != null) {
                world.checks().failed(new AssertionError("rights: somebody without them has written"));
            } else if (causeOf(failure) instanceof RequestException refused
                    && MemberClients.FORBIDDEN.contains(refused.error())) {
                refusals++;
            }
        });
    }
}
