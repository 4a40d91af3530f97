package io.quorate.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.quorate.base.Fault;
import io.quorate.base.RequestError;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageException;
import io.quorate.storage.StorageSettings;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireErrorsTests {

    @TempDir
    private Path directory;

    /** Reads of a member that stops, for whatever reason: clients must go on to another one instead of giving up. */
    @Test
    void ofWhenTheMemberCanNoLongerBeUsedSaysItStops() {
        assertStopped(new Fault("an invariant is broken"));
        assertStopped(new StorageException("a file cannot be read", null));
        assertStopped(failureOfClosedDatabase());
        assertStopped(new CompletionException(failureOfClosedDatabase()));
    }

    @Test
    void ofWhenItIsADefectTellsNoDetails() {
        Status status = WireErrors.of(new IllegalArgumentException("a secret")).getStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getDescription()).isEqualTo("internal error");
    }

    private RuntimeException failureOfClosedDatabase() {
        Database database = Database.open(directory.resolve("db"), StorageSettings.DEFAULTS);
        database.close();
        try {
            database.get(Family.META, new byte[] {1});
        } catch (RuntimeException expected) {
            return expected;
        }
        throw new AssertionError("a closed database was read");
    }

    private static void assertStopped(Throwable failure) {
        Status status = WireErrors.of(failure).getStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("etcdserver: server stopped");
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorOfARequestHasACodeAndAText(RequestError error) {
        Status status = WireErrors.status(error);
        assertThat(status.isOk()).isFalse();
        assertThat(status.getDescription()).isNotBlank();
    }
}
