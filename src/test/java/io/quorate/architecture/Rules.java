package io.quorate.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** The shape of the program as rules. The two tables are the whole of who may know whom. */
final class Rules {

    /**
     * Each package and what it may use, from the bottom to the top; "." is the root, with the main class.
     */
    static final PackageTable PACKAGES = new PackageTable("io.quorate")
            .row("base", "")
            .row("proto", "")
            .row("identity", "base")
            .row("audit", "base")
            .row("raft", "base")
            .row("tracing", "base")
            .row("storage", "base")
            .row("storage.springdata", "base storage")
            .row("mvcc", "base proto storage")
            .row("watch", "base proto mvcc")
            .row("lease", "base proto mvcc storage storage.springdata")
            .row("alarm", "base proto storage storage.springdata")
            .row("membership", "base proto storage storage.springdata")
            .row("node.wal", "base proto raft")
            .row("node.snapshot", "base proto raft node.wal")
            .row("auth", "base proto identity storage storage.springdata")
            .row("following", "base proto storage")
            .row("config", "base")
            .row("tls", "base config")
            .row("node.transport", "base proto raft tls node.wal")
            .row("node", "base proto raft node.wal node.snapshot node.transport")
            .row(
                    "apply",
                    "base proto identity auth following raft storage mvcc watch lease alarm membership node node.wal"
                            + " node.snapshot")
            .row("maintenance", "base storage apply")
            .row("bbolt", "base")
            .row("zstd", "base")
            .row(
                    "backup",
                    "base proto bbolt raft storage mvcc lease alarm membership auth apply node.wal node.snapshot")
            .row("rehearsal", "proto")
            .row("backup.store", "base tls")
            .row("backup.archive", "base storage mvcc lease backup backup.store")
            .row("backup.schedule", "base storage mvcc backup backup.store backup.archive")
            .row("migrate", "base proto raft storage mvcc alarm membership apply bbolt backup node.wal node.snapshot")
            .row("proposal", "base proto raft node apply lease membership")
            .row("integrity", "base proto mvcc proposal membership")
            .row("server", "base proto auth raft node node.snapshot apply proposal membership lease")
            .row(
                    "repair",
                    "base proto raft config storage membership integrity node node.wal node.snapshot node.transport server")
            .row(
                    "bootstrap",
                    "base proto raft config storage apply membership node node.wal node.snapshot node.transport proposal"
                            + " repair")
            .row(
                    "assembly",
                    "base proto identity auth following raft storage mvcc watch lease alarm membership node node.snapshot"
                            + " node.transport node.wal apply proposal server backup.store backup.archive backup.schedule")
            .row("api", "")
            .row("api.error", "base api mvcc lease")
            .row("api.headers", "")
            .row("api.port", "base api api.headers tls")
            .row(
                    "api.grpc",
                    "base proto api api.error api.headers api.port identity auth audit tracing following proposal apply mvcc watch"
                            + " lease alarm membership maintenance backup storage tls")
            .row("api.recipe", "base proto api api.error api.grpc auth apply watch")
            .row("api.console", "base api api.port")
            .row("api.rest", "base proto api api.error api.port api.grpc api.console proposal tls")
            .row("api.web", "base proto api api.error api.port api.rest")
            .row("ops", "base config raft backup.schedule")
            .row("ops.failure", "base config storage membership node node.wal api.port")
            .rowForAll("wiring")
            .row(
                    "tool",
                    "base proto apply backup backup.store backup.archive bbolt config migrate mvcc node.wal node.transport raft"
                            + " rehearsal tls zstd")
            .row("embedded", "base config wiring")
            .row("embedded.junit", "embedded")
            .row("embedded.spring", "embedded")
            .row(".", "config ops.failure wiring tool");

    /** Libraries that only some packages may use; whatever has no line may be used by all. */
    static final LibraryTable LIBRARIES = new LibraryTable(PACKAGES)
            .line("com.nimbusds", "identity", "one package reads tokens")
            .line("org.springframework.security", "identity", "one package compares passwords")
            .line("io.airlift", "zstd", "one package compresses")
            .line("software.amazon", "backup.store", "one package signs requests to buckets")
            .line("org.rocksdb", "storage", "storage hides how bytes are kept")
            .line(
                    "io.grpc",
                    "api.grpc api.rest api.web api.recipe api.port api.error api.headers node.transport rehearsal wiring proto",
                    "the core does not know the wire")
            .line("io.grpc.internal", "api.headers", "it changes with any release of gRPC")
            .line(
                    "io.netty",
                    "api.port api.grpc api.rest api.console node.transport tls wiring",
                    "the core does not know the wire")
            .line("jakarta.servlet", "api.rest api.web api.port wiring", "the core does not know the wire")
            .line("org.junit", "embedded.junit", "only users that test with it have it")
            .line("io.prometheus", "ops wiring", "parts count for themselves and ops publishes")
            .line(
                    "io.micrometer",
                    "ops wiring api.rest storage.springdata",
                    "parts count for themselves and ops publishes")
            .line(
                    "org.springframework",
                    "api.rest api.web api.grpc api.port config ops ops.failure wiring tool tls storage.springdata embedded.spring .",
                    "the core is plain Java")
            .line(
                    "org.springframework.data.repository",
                    "alarm auth lease membership storage.springdata wiring",
                    "only metadata is kept by repositories")
            .line(
                    "org.springframework.data.annotation",
                    "alarm auth lease membership storage.springdata wiring",
                    "only metadata is kept by repositories")
            .line(
                    "org.springframework.data.keyvalue.annotation",
                    "alarm auth lease membership storage.springdata wiring",
                    "only metadata is kept by repositories");

    private Rules() {}

    static ArchRule packages(PackageTable table) {
        return classes().should(table.isObeyed()).as("Packages use only what the table allows");
    }

    static ArchRule libraries(LibraryTable table) {
        return classes().should(table.isObeyed()).as("Packages use only the libraries the table allows");
    }

    /** Below the first level the table has no cycles either; inside {@code raft} parts and whole share their values. */
    static ArchRule noCycles(String root) {
        return slices().matching(root + ".(*)..")
                .should()
                .beFreeOfCycles()
                .as("Packages are free of cycles")
                .allowEmptyShould(true);
    }

    /** Consensus takes messages and ticks and returns what to do; it has no clock, thread, disk or network. */
    static ArchRule pureConsensus(String root) {
        return classes()
                .that()
                .resideInAPackage(root + ".raft..")
                .should()
                .onlyDependOnClassesThat(type(ByteArrayOutputStream.class)
                        .or(resideInAnyPackage(
                                root + ".raft..",
                                root + ".base",
                                "java.lang",
                                "java.lang.annotation",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.nio.charset",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "org.jspecify.annotations",
                                "lombok")))
                .as("Consensus is pure")
                .allowEmptyShould(true);
    }

    static ArchRule noFieldInjection() {
        return fields().should()
                .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .andShould()
                .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .as("Nothing is injected into fields");
    }

    static ArchRule beansOnlyInConfigurations() {
        return methods()
                .that()
                .areAnnotatedWith("org.springframework.context.annotation.Bean")
                .should()
                .beDeclaredInClassesThat(resideInAnyPackage(
                        "..wiring..",
                        "..api.port..",
                        "..api.rest..",
                        "..api.web..",
                        "..config..",
                        "..ops..",
                        "..springdata.."))
                .as("Beans are made where things are put together")
                .allowEmptyShould(true);
    }

    static ArchRule noDefaultStartHooks() {
        return methods()
                .should()
                .notBeAnnotatedWith("jakarta.annotation.PostConstruct")
                .andShould()
                .notBeAnnotatedWith("org.springframework.scheduling.annotation.Scheduled")
                .andShould()
                .notBeAnnotatedWith("org.springframework.scheduling.annotation.Async")
                .andShould()
                .notBeAnnotatedWith("org.springframework.context.event.EventListener")
                .as("Nothing starts behind the run loop's back");
    }

    /** What may change with any release of gRPC is used in one place, whose test says how. */
    static ArchRule grpcInternalsInOnePlace() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("..api.headers..")
                .should()
                .dependOnClassesThat(nameMatching("io\\.grpc\\.(.*\\.)?Internal.*"))
                .as("The inside of gRPC is used in one place")
                .allowEmptyShould(true);
    }

    static ArchRule namesTellTheJob() {
        List<String> vague = List.of("Impl", "Util", "Utils", "Helper");
        return classes()
                .that(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("..proto..")))
                .should()
                .haveSimpleNameNotEndingWith(vague.get(0))
                .andShould()
                .haveSimpleNameNotEndingWith(vague.get(1))
                .andShould()
                .haveSimpleNameNotEndingWith(vague.get(2))
                .andShould()
                .haveSimpleNameNotEndingWith(vague.get(3))
                .as("Names tell the job");
    }
}
