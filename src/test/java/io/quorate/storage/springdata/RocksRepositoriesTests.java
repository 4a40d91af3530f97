package io.quorate.storage.springdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.util.CloseableIterator;
import org.springframework.test.context.support.TestPropertySourceUtils;

class RocksRepositoriesTests {

    @TempDir
    private Path directory;

    private AnnotationConfigApplicationContext context;
    private Database database;
    private ApplyScope scope;
    private Ship.Ships ships;
    private WriteSet set;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext();
        TestPropertySourceUtils.addInlinedPropertiesToEnvironment(
                context, "spring.data.rocksdb.path=" + directory.resolve("db"));
        context.register(Fleet.class, RocksDbAutoConfiguration.class);
        context.refresh();
        database = context.getBean(Database.class);
        scope = context.getBean(ApplyScope.class);
        ships = context.getBean(Ship.Ships.class);
        set = database.newWriteSet();
    }

    @AfterEach
    void stop() {
        set.close();
        context.close();
    }

    @Test
    void saveWhenAppliedIsStored() {
        apply(() -> ships.save(new Ship(7L, "Vasa")));

        assertThat(ships.findById(7L)).contains(new Ship(7L, "Vasa"));
        assertThat(ships.existsById(7L)).isTrue();
        assertThat(ships.findById(8L)).isEmpty();
        assertThat(database.get(Family.MEMBER, new byte[] {0, 0, 0, 0, 0, 0, 0, 7}))
                .isEqualTo("Vasa".getBytes(UTF_8));
    }

    @Test
    void saveWhenAppliedTwiceReplaces() {
        apply(() -> ships.save(new Ship(7L, "Vasa")));
        apply(() -> ships.save(new Ship(7L, "Ark")));

        assertThat(ships.findAll()).containsExactly(new Ship(7L, "Ark"));
    }

    @Test
    void writeWhenOutsideOfApplyThrows() {
        apply(() -> ships.save(new Ship(7L, "Vasa")));

        assertThatIllegalStateException().isThrownBy(() -> ships.save(new Ship(8L, "Ark")));
        assertThatIllegalStateException().isThrownBy(() -> ships.deleteById(7L));
        assertThatIllegalStateException().isThrownBy(() -> ships.deleteById(99L));
        assertThatIllegalStateException().isThrownBy(ships::deleteAll);
        assertThat(ships.count()).isEqualTo(1);
    }

    @Test
    void readWhenInsideOfApplySeesPendingWrites() {
        apply(() -> ships.saveAll(List.of(new Ship(1L, "Vasa"), new Ship(2L, "Ark"))));

        scope.enter(set);
        ships.save(new Ship(3L, "Argo"));
        ships.deleteById(1L);

        assertThat(ships.findAll()).containsExactly(new Ship(2L, "Ark"), new Ship(3L, "Argo"));
        assertThat(ships.count()).isEqualTo(2);
        assertThat(ships.existsById(1L)).isFalse();
        assertThat(ships.findById(3L)).isPresent();
        // Nobody else sees what is not written yet.
        assertThat(CompletableFuture.supplyAsync(ships::findAll).join())
                .containsExactly(new Ship(1L, "Vasa"), new Ship(2L, "Ark"));
        scope.leave();
    }

    @Test
    void writeWhenScopeIsAbandonedLeavesNothing() {
        scope.enter(set);
        ships.save(new Ship(1L, "Vasa"));
        scope.leave();
        set.clear();

        assertThat(ships.findAll()).isEmpty();
    }

    @Test
    void findWhenQueriedByPropertyFilters() {
        apply(() -> ships.saveAll(List.of(new Ship(1L, "Vasa"), new Ship(2L, "Ark"), new Ship(3L, "Ark"))));

        assertThat(ships.findByName("Ark")).extracting(Ship::id).containsExactly(2L, 3L);
    }

    @Test
    void deleteAllWhenAppliedRemovesWrittenAndPending() {
        apply(() -> ships.save(new Ship(1L, "Vasa")));

        apply(() -> {
            ships.save(new Ship(2L, "Ark"));
            ships.deleteAll();
        });

        assertThat(ships.count()).isZero();
    }

    @Test
    void entriesWhenListedPairIdsWithEntities() {
        apply(() -> ships.saveAll(List.of(new Ship(2L, "Ark"), new Ship(1L, "Vasa"))));

        RocksKeyValueAdapter adapter = context.getBean(RocksKeyValueAdapter.class);
        try (CloseableIterator<Map.Entry<Object, Object>> entries = adapter.entries("member")) {
            assertThat(entries)
                    .toIterable()
                    .containsExactly(Map.entry(1L, new Ship(1L, "Vasa")), Map.entry(2L, new Ship(2L, "Ark")));
        }
    }

    @Test
    void deleteWhenFoundReturnsWhatWasThere() {
        RocksKeyValueAdapter adapter = context.getBean(RocksKeyValueAdapter.class);
        apply(() -> ships.save(new Ship(1L, "Vasa")));

        scope.enter(set);
        assertThat(adapter.delete(1L, "member")).isEqualTo(new Ship(1L, "Vasa"));
        assertThat(adapter.delete(1L, "member")).isNull();
        scope.leave();
    }

    @Test
    void accessWhenKeySpaceHasNoCodecNamesThoseThatDo() {
        RocksKeyValueAdapter adapter = context.getBean(RocksKeyValueAdapter.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> adapter.get(1L, "fish"))
                .withMessageContaining("'fish'")
                .withMessageContaining("[member]");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(adapter::clear);
    }

    @Test
    void createWhenTwoCodecsShareKeySpaceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new RocksKeyValueAdapter(database, scope, List.of(new Ship.Codec(), new Ship.Codec())));
    }

    @Test
    void closeWhenContextEndsKeepsEverything() {
        apply(() -> ships.save(new Ship(1L, "Vasa")));
        context.close();
        set.close();

        start();
        assertThat(ships.findAll()).containsExactly(new Ship(1L, "Vasa"));
    }

    private void apply(Runnable change) {
        scope.enter(set);
        try {
            change.run();
            database.write(set);
        } finally {
            scope.leave();
            set.clear();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableRocksRepositories(Ship.Ships.class)
    static class Fleet {

        @Bean
        Ship.Codec shipCodec() {
            return new Ship.Codec();
        }
    }
}
