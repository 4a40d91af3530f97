package io.quorate.tool;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.SnapshotFile;
import io.quorate.bbolt.Bucket;
import io.quorate.fixture.SmallSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How users and roles are cut into steps. */
class UserCopyTests {

    private @TempDir Path directory;

    private List<String> steps(List<String> users, List<String> roles, int stepBytes) throws IOException {
        Path file = Files.write(
                directory.resolve("snapshot.db"),
                SmallSnapshot.withDigest(SmallSnapshot.pages(List.of(
                        Bucket.of("auth", Map.of(bytes("authEnabled"), new byte[] {1})),
                        Bucket.of("authRoles", records(roles)),
                        Bucket.of("authUsers", records(users)),
                        Bucket.of("meta", Map.of(bytes("storageVersion"), new byte[] {'3'}))))));
        List<String> sent = new ArrayList<>();
        try (SnapshotFile snapshot = SnapshotFile.open(file, file.toString(), false)) {
            new UserCopy(step -> sent.add(text(step)), stepBytes).copy(snapshot);
        }
        return sent;
    }

    private static Map<byte[], byte[]> records(List<String> names) {
        return names.stream()
                .collect(Collectors.toMap(
                        UserCopyTests::bytes, UserCopyTests::bytes, (one, other) -> other, LinkedHashMap::new));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Map<String, Object> step) {
        assertThat(step).containsEntry("enabled", true).containsEntry("revision", "1");
        return plain(step.get("after")) + ".." + plain(step.get("up_to")) + " users " + plain(step.get("users"))
                + " roles " + plain(step.get("roles"));
    }

    private static String plain(@Nullable Object encoded) {
        return present(encoded) instanceof List<?> list
                ? list.stream().map(UserCopyTests::plain).collect(Collectors.joining("+"))
                : new String(Base64.getDecoder().decode(present(encoded).toString()), StandardCharsets.UTF_8);
    }

    @Test
    void usersAndRolesAreCutByTheirNames() throws IOException {
        assertThat(steps(List.of("a", "b", "d", "e"), List.of("b", "c", "e", "f"), 2))
                .containsExactly(
                        "..b users a+b roles b", "b..d users d roles c", "d..e users e roles e", "e.. users  roles f");
        assertThat(steps(List.of("a", "b"), List.of("b"), 100)).containsExactly(".. users a+b roles b");
        assertThat(steps(List.of("a"), List.of(), 1)).containsExactly("..a users a roles ", "a.. users  roles ");
        assertThat(steps(List.of(), List.of(), 1)).containsExactly(".. users  roles ");
    }
}
