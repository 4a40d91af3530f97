package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import io.quorate.lease.LeaseManager;
import io.quorate.server.ErrorChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/**
 * A member in a program that is not its own. It is a context without the application around it: it reads no system properties,
 * variables or files of settings, leaves logging as it is, adds no hook for the end of the process, and a fatal error ends the
 * member alone. Without the REST API no system property is set either; with it, Tomcat sets its own.
 */
@Slf4j
public final class HostedMember implements AutoCloseable {

    private static final String DEFAULTS = "io/quorate/embedded/application.yml";
    private static final String REST = "quorate.rest.enabled";
    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

    private final GenericApplicationContext context;

    private final ErrorChannel errors;
    private final RunLoopLifecycle loop;
    private final LeaseManager leases;

    /** @param context refreshed */
    private HostedMember(GenericApplicationContext context) {
        this.context = context;
        this.errors = context.getBean(ErrorChannel.class);
        this.loop = context.getBean(RunLoopLifecycle.class);
        this.leases = context.getBean(LeaseManager.class);
    }

    /**
     * Starts it, and returns when clients are served: with several members, once there is a leader. An interrupt of the thread
     * ends the start.
     *
     * @param settings by full name; all others have their defaults
     * @param leases the clock that leases are measured by
     * @throws RuntimeException that says why it did not start
     */
    public static HostedMember start(Map<String, String> settings, MonotonicClock leases) {
        ConfigurableEnvironment environment = environment(settings);
        GenericApplicationContext context = context(environment.getProperty(REST, Boolean.class, true));
        context.setClassLoader(HostedMember.class.getClassLoader());
        context.setEnvironment(environment);
        context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
        context.registerBean(Hosting.class, () -> new Hosting(leases, exitCode -> {}));
        context.registerBean(LoggingSystem.class, ForeignLogging::new);
        context.registerBean(LoggerGroups.class, () -> new LoggerGroups());
        try {
            context.refresh();
            HostedMember member = new HostedMember(context);
            member.checkAlive();
            return member;
        } catch (RuntimeException | Error failure) {
            RuntimeException explained = failure instanceof RuntimeException ? explained(failure, context) : null;
            context.close();
            if (explained != null) {
                throw explained;
            }
            throw failure;
        }
    }

    /** What the program would print: the messages of contexts name beans, and not what is wrong. Null if nothing better is known. */
    private static @Nullable RuntimeException explained(Throwable failure, GenericApplicationContext context) {
        ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
                .and(Environment.class, context.getEnvironment());
        SpringFactoriesLoader loader =
                SpringFactoriesLoader.forDefaultResourceLocation(HostedMember.class.getClassLoader());
        for (FailureAnalyzer analyzer : loader.load(
                FailureAnalyzer.class,
                arguments,
                FailureHandler.handleMessage((message, cause) -> log.debug("{}", message.get(), cause)))) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                String text = analysis.getDescription() + " " + Objects.requireNonNullElse(analysis.getAction(), "");
                return new IllegalStateException(text.strip().replaceAll("\\s+", " "), failure);
            }
        }
        return null;
    }

    /** Only the REST API needs Tomcat, which would set system properties. */
    private static GenericApplicationContext context(boolean withRest) {
        if (withRest) {
            var context = new AnnotationConfigServletWebServerApplicationContext();
            context.register(HostedWiring.class);
            return context;
        }
        var context = new AnnotationConfigApplicationContext();
        context.register(HostedWiring.class);
        return context;
    }

    private void checkAlive() {
        @Nullable Throwable failure = errors.failure();
        if (failure != null) {
            throw new IllegalStateException("the member failed while it started: " + failure.getMessage(), failure);
        }
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a member started");
        }
    }

    private static ConfigurableEnvironment environment(Map<String, String> settings) {
        ConfigurableEnvironment environment = new StandardEnvironment() {
            @Override
            protected void customizePropertySources(MutablePropertySources sources) {
                // those of the process are for the program around this
            }
        };
        environment.getPropertySources().addFirst(new MapPropertySource("settings", Map.copyOf(settings)));
        try {
            // The first document; the others are profiles.
            environment
                    .getPropertySources()
                    .addLast(new YamlPropertySourceLoader()
                            .load("defaults", new ClassPathResource(DEFAULTS, HostedMember.class.getClassLoader()))
                            .getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.setConversionService(
                (ApplicationConversionService) ApplicationConversionService.getSharedInstance());
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    /** Whether it serves. It does not any more after a fatal error. */
    public boolean isRunning() {
        return context.isActive() && errors.failure() == null;
    }

    /**
     * Has leases end that have run out by a clock that was moved, and returns when they are revoked. Only the leader has something to
     * do.
     *
     * @param limit after which it gives up
     * @throws IllegalStateException if they are not revoked by then
     */
    public void expireLeases(Duration limit) {
        long started = System.nanoTime();
        while (leases.hasExpired()) {
            if (System.nanoTime() - started > limit.toNanos()) {
                throw new IllegalStateException("leases that have run out are not revoked after " + limit);
            }
            loop.timePassed();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Stops it as a process is killed, seen from other members: nobody hears of it. Its files are closed in order. */
    public void vanish() {
        loop.beSilent();
        context.close();
    }

    /** Stops it in order; a leader hands its leadership over. */
    @Override
    public void close() {
        context.close();
    }

    /** Levels of the log belong to the program around the member. */
    private static final class ForeignLogging extends LoggingSystem {

        @Override
        public void beforeInitialize() {}

        @Override
        public void initialize(
                LoggingInitializationContext context, @Nullable String location, @Nullable LogFile file) {}

        @Override
        public void setLogLevel(@Nullable String logger, @Nullable LogLevel level) {}

        @Override
        public List<LoggerConfiguration> getLoggerConfigurations() {
            return List.of();
        }
    }
}
