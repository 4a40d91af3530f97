package io.quorate.backup.store;

import static io.quorate.backup.store.BackupStoreTests.get;
import static io.quorate.backup.store.BackupStoreTests.put;
import static io.quorate.backup.store.BackupStoreTests.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.store.S3StandIn.Trouble;
import io.quorate.base.MonotonicClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3StoreTests {

    /** The beginning, two parts, putting them together, and the look at the size. */
    private static final int REQUESTS_OF_TWO_PARTS = 5;

    private S3StandIn bucket;
    private BackupStore store;

    @BeforeEach
    void open() throws IOException {
        bucket = new S3StandIn();
        store = bucket.store();
    }

    @AfterEach
    void close() {
        store.close();
        bucket.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "LOST_ANSWER", "SLOW_DOWN", "ERROR"})
    void objectWhenTroublePassesIsWrittenWhole(Trouble trouble) throws IOException {
        bucket.next(trouble, trouble);
        put(store, "a/b", random(1000));
        assertThat(get(store, "a/b")).isEqualTo(random(1000));
    }

    /** Each request of an upload in parts meets each trouble once. */
    @ParameterizedTest
    @EnumSource(names = {"CUT", "LOST_ANSWER", "SLOW_DOWN", "ERROR"})
    void partsWhenTroublePassesAreSentAgainByThemselves(Trouble trouble) throws IOException {
        byte[] content = random(S3Upload.PART_BYTES + 5);
        for (int healthy = 0; healthy < REQUESTS_OF_TWO_PARTS; healthy++) {
            int before = bucket.requests;
            for (int i = 0; i < healthy; i++) {
                bucket.next(Trouble.NONE);
            }
            bucket.next(trouble);
            put(store, "a/b" + healthy, content);
            assertThat(bucket.requests - before).isEqualTo(REQUESTS_OF_TWO_PARTS + 1);
            assertThat(get(store, "a/b" + healthy)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "LOST_ANSWER", "CUT_BODY", "SLOW_DOWN", "ERROR"})
    void rangesWhenTroublePassesAreReadWhole(Trouble trouble) throws IOException {
        byte[] content = random(2 * S3Read.RANGE_BYTES + 17);
        put(store, "a/b", content);
        bucket.next(trouble, trouble, trouble);
        assertThat(get(store, "a/b")).isEqualTo(content);
    }

    @Test
    void rangeWhenPartialIsRefused() throws IOException {
        put(store, "a/b", random(1000));
        bucket.next(Trouble.PARTIAL);
        assertThatThrownBy(() -> get(store, "a/b"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("500 bytes");
    }

    @Test
    void objectWhenExchangedWhileReadIsRefused() throws IOException {
        put(store, "a/b", random(S3Read.RANGE_BYTES + 1));
        try (var input = store.read("a/b")) {
            assertThat(input.readNBytes(S3Read.RANGE_BYTES)).hasSize(S3Read.RANGE_BYTES);
            bucket.next(Trouble.EXCHANGED);
            assertThatThrownBy(input::read).hasMessageContaining("exchanged");
        }
    }

    @Test
    void uploadWhenPartsCannotBePutTogetherFailsAndLeavesNothing() {
        byte[] content = random(S3Upload.PART_BYTES + 5);
        assertThatThrownBy(() -> {
                    try (Upload upload = store.create("a/b")) {
                        upload.write(content);
                        // the second part, and the request that puts both together
                        bucket.next(Trouble.SLOW_DOWN, Trouble.SLOW_DOWN);
                        bucket.next();
                        bucket.always(Trouble.ERROR_IN_OK);
                        upload.commit();
                    } finally {
                        bucket.always(null);
                    }
                })
                .hasMessageContaining("InternalError");
        assertThat(bucket.objects).isEmpty();
    }

    @Test
    void bucketWhenFullIsToldAtOnce() {
        bucket.always(Trouble.FULL);
        assertThatThrownBy(() -> put(store, "a/b", random(10))).hasMessageContaining("StorageFull");
        assertThat(bucket.requests).isEqualTo(1);
    }

    @Test
    void credentialsWhenWrongAreToldAtOnceAndNotShown() throws IOException {
        try (BackupStore other = bucket.store("AKIDWRONG", Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> put(other, "a/b", random(10)))
                    .hasMessageContaining("403 InvalidAccessKeyId")
                    .hasMessageNotContaining("secret");
        }
        assertThat(bucket.requests).isEqualTo(1);
    }

    @Test
    void bucketWhenAwayIsTriedOnlyForItsTime() throws IOException {
        bucket.always(Trouble.CUT);
        try (BackupStore impatient = bucket.store(S3StandIn.KEY, Duration.ofMillis(20))) {
            assertThatThrownBy(impatient::folders)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("gave no whole answer");
        }
    }

    @Test
    void threadWhenInterruptedEndsItsCall() {
        bucket.always(Trouble.SLOW_DOWN);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> store.folders()).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void uploadsWhenOldAreRemoved() throws IOException {
        Upload left = store.create("a/b");
        left.write(random(S3Upload.PART_BYTES + 1));
        assertThat(bucket.uploads).hasSize(1);
        store.removeUnfinished(Instant.now());
        assertThat(bucket.uploads).isEmpty();
    }

    @Test
    void credentialsWhenInFileAreReadAnew(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("credentials");
        S3Credentials credentials = new S3Credentials(file);
        assertThatThrownBy(credentials::get).isInstanceOf(IOException.class);
        Files.writeString(file, "[default]\naws_access_key_id = a\naws_secret_access_key=b=c\n");
        assertThat(credentials.get().accessKeyId()).isEqualTo("a");
        assertThat(credentials.get().secretAccessKey()).isEqualTo("b=c");
        Files.writeString(file, "aws_access_key_id = z\n");
        assertThatThrownBy(credentials::get)
                .hasMessageContaining("does not have")
                .hasMessageNotContaining("z\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:///x",
                "s3://B",
                "s3://bucket?x=1",
                "s3://bucket?endpoint=ftp://h",
                "s3://bucket/a%20b",
                "s3://bucket?endpoint=http://h/path",
                "s3://bucket?path-style=maybe",
                "s3://bucket?region=",
                "http://bucket",
                "file://host/x",
                "file:///x?y=1",
                "s3://bucket?endpoint=http://user:pw@h"
            })
    void locationWhenWrongIsRefused(String url) {
        assertThatThrownBy(() ->
                        StoreLocation.open(url, null, MonotonicClock.SYSTEM).close())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressWhenOfAmazonHasTheBucketInItsHost() {
        S3Address address = S3Address.of(URI.create("s3://backups/prod/?region=eu-central-1"));
        assertThat(address.host()).isEqualTo("backups.s3.eu-central-1.amazonaws.com");
        assertThat(address.path("ab/full/1")).isEqualTo("/prod/ab/full/1");
        assertThat(address.path("")).isEqualTo("/");
        S3Address own = S3Address.of(URI.create("s3://backups?endpoint=https://minio.example:9000"));
        assertThat(own.host()).isEqualTo("minio.example");
        assertThat(own.path("ab/full/1")).isEqualTo("/backups/ab/full/1");
        assertThat(own.path("")).isEqualTo("/backups");
    }

    @Test
    void answerWhenHostileIsRefused() {
        for (String xml :
                List.of("", "no xml", "<a>", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")) {
            assertThatThrownBy(() -> S3Xml.parse(xml.getBytes(StandardCharsets.UTF_8)))
                    .as(xml)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void listingWhenInPagesIsWhole() throws IOException {
        for (int i = 0; i < 10; i++) {
            put(store, "a/log/" + i, random(i + 1));
        }
        bucket.next(Trouble.CUT_BODY, Trouble.SLOW_DOWN);
        List<String> names = new ArrayList<>();
        store.list("a/log/", "", item -> names.add(item.name()));
        assertThat(names).hasSize(10).isSorted();
    }
}
