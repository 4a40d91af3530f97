package io.quorate.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyScopeTests {

    private final ApplyScope scope = new ApplyScope();

    @TempDir
    private Path directory;

    private Database database;
    private WriteSet set;

    @BeforeEach
    void open() {
        database = Database.open(directory, StorageSettings.DEFAULTS);
        set = database.newWriteSet();
    }

    @AfterEach
    void close() {
        set.close();
        database.close();
    }

    @Test
    void currentWhenEnteredIsTheSet() {
        scope.enter(set);

        assertThat(scope.isActive()).isTrue();
        assertThat(scope.current()).isSameAs(set);
    }

    @Test
    void currentWhenOutsideThrows() {
        assertThatIllegalStateException().isThrownBy(scope::current).withMessageContaining("only through the raft log");
        assertThatIllegalStateException().isThrownBy(scope::leave);

        scope.enter(set);
        scope.leave();
        assertThat(scope.isActive()).isFalse();
        assertThatIllegalStateException().isThrownBy(scope::current);
    }

    @Test
    void currentWhenOnAnotherThreadThrows() {
        scope.enter(set);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> CompletableFuture.supplyAsync(scope::current).join())
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(CompletableFuture.supplyAsync(scope::isActive).join()).isFalse();
    }

    @Test
    void enterWhenOpenAlreadyThrows() {
        scope.enter(set);

        assertThatIllegalStateException()
                .isThrownBy(() -> scope.enter(set))
                .withMessageContaining(Thread.currentThread().getName());
    }
}
