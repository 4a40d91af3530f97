package io.quorate.backup.schedule;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A member that backs up into a store in memory. */
abstract class AgentCase {

    @TempDir
    Path directory;

    final MemoryStore store = new MemoryStore();
    AgentFixture member;

    @BeforeEach
    void open() {
        member = new AgentFixture(directory, store);
    }

    @AfterEach
    void close() {
        member.close();
    }

    /** How many objects of a kind there are. */
    long count(String kind) {
        return store.objects.keySet().stream()
                .filter(name -> name.contains("/" + kind + "/"))
                .count();
    }
}
