package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.authpb.Role;
import io.quorate.proto.authpb.User;
import io.quorate.proto.following.FollowUsers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How users and roles of another cluster are taken over. */
class FollowUsersTests extends FollowCase {

    @Test
    void usersWhenTakenOverReplaceAllAndKeepTheirRevision() {
        begin();
        User root = User.newBuilder()
                .setName(bytes("root"))
                .setPassword(bytes("hash"))
                .addRoles("root")
                .build();
        FollowUsers.Builder users = FollowUsers.newBuilder()
                .setEnabled(true)
                .setRevision(12)
                .addUsers(root.toByteString())
                .addUsers(User.newBuilder().setName(bytes("old")).build().toByteString());
        assertThat(step(next().setUsers(users))).isNull();
        assertThat(step(next().setUsers(users.clone().clearUsers().addUsers(root.toByteString()))))
                .isNull();
        assertThat(step(next().setUsers(users.clone().addUsers(bytes("\u0001")))))
                .isEqualTo(RequestError.STEP_INVALID);
        restartFollower();

        assertThat(follower.auth.rules().isEnabled()).isTrue();
        assertThat(follower.auth.rules().revision()).isEqualTo(12);
        assertThat(follower.auth.userNames()).containsExactly("root");
        assertThat(follower.auth.passwordHashOf("root")).isEqualTo("hash");
        assertThat(follower.following.state().getAuthRevision()).isEqualTo(12);
        assertThat(refusal(follower.apply(
                        request().setAuthUserAdd(AuthUserAddRequest.newBuilder().setName("x")))))
                .isEqualTo(RequestError.FOLLOWING);
    }

    @Test
    void usersWhenTakenOverByRangesReplaceThoseOfTheRange() {
        begin();
        FollowUsers.Builder first = FollowUsers.newBuilder().setEnabled(false).setRevision(7);
        for (String name : List.of("a", "b", "c", "d")) {
            first.addUsers(User.newBuilder().setName(bytes(name)).build().toByteString());
            first.addRoles(Role.newBuilder().setName(bytes(name)).build().toByteString());
        }
        assertThat(step(next().setUsers(first))).isNull();
        FollowUsers.Builder middle = FollowUsers.newBuilder()
                .setRevision(9)
                .setAfter(bytes("a"))
                .setUpTo(bytes("c"))
                .addUsers(User.newBuilder().setName(bytes("bb")).build().toByteString());
        assertThat(step(next().setUsers(middle))).isNull();
        assertThat(follower.following.state().getAuthRevision()).isEqualTo(7);
        for (String outside : List.of("a", "ca")) {
            assertThat(step(next().setUsers(middle.clone()
                            .addRoles(Role.newBuilder()
                                    .setName(bytes(outside))
                                    .build()
                                    .toByteString()))))
                    .isEqualTo(RequestError.STEP_INVALID);
        }
        assertThat(step(next().setUsers(FollowUsers.newBuilder().setRevision(9).setAfter(bytes("d")))))
                .isNull();
        restartFollower();
        assertThat(follower.auth.userNames()).containsExactly("a", "bb", "d");
        assertThat(follower.auth.roleNames()).containsExactly("a", "d");
        assertThat(follower.following.state().getAuthRevision()).isEqualTo(9);
    }
}
