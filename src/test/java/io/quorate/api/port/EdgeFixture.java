package io.quorate.api.port;

import io.grpc.BindableService;
import io.quorate.api.console.ConsoleDoor;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.rest.GatewayRule;
import io.quorate.api.rest.MemberHealth;
import io.quorate.api.rest.MemberPages.HealthOutcomes;
import io.quorate.api.rest.MemberPages.MetricsText;
import io.quorate.api.rest.RestDoor;
import io.quorate.fixture.NoUsers;
import io.quorate.proto.AlarmType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerServicesAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** The whole edge of a member, with services that only pretend behind it. */
public final class EdgeFixture implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private EdgeFixture(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it on a free port, in clear text. */
    public static EdgeFixture start(String... properties) {
        return start(UnaryOperator.identity(), properties);
    }

    /** Starts it with other options. */
    public static EdgeFixture start(UnaryOperator<ClientPortSettings> change, String... properties) {
        ClientPortSettings options =
                change.apply(ClientPortSettings.defaults(ListenAddress.parse("http://127.0.0.1:0")));
        return new EdgeFixture(new SpringApplicationBuilder(Application.class)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.threads.virtual.enabled=true",
                        "spring.autoconfigure.exclude=io.quorate.storage.springdata.RocksDbAutoConfiguration",
                        "management.server.port=-1",
                        "spring.config.location=optional:classpath:/none.yml",
                        "logging.level.root=warn")
                .properties(properties)
                .initializers(fresh -> ((org.springframework.context.support.GenericApplicationContext) fresh)
                        .registerBean(ClientPortSettings.class, () -> options))
                .run());
    }

    /** The port the first listener got. */
    public int port() {
        return port(0);
    }

    /** The port another listener got. */
    public int port(int listener) {
        return bean(ClientPortLifecycle.class).listenAddresses().get(listener).port();
    }

    /** A bean of the running application. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** What answers HTTP on the port. */
    HttpHandler http() {
        return context.getBean("edgeHandler", HttpHandler.class);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Carries no stereotype, so that nobody who scans for components finds it. */
    @ImportAutoConfiguration({
        SslAutoConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        MetricsAutoConfiguration.class,
        PrometheusMetricsExportAutoConfiguration.class,
        ObservationAutoConfiguration.class,
        GrpcServerServicesAutoConfiguration.class,
        GrpcServerAutoConfiguration.class
    })
    @ComponentScan({"io.quorate.api.port", "io.quorate.api.rest"})
    static class Application {

        @Bean
        FakeKv fakeKv() {
            return new FakeKv();
        }

        @Bean
        @GlobalServerInterceptor
        MetadataRecorder metadataRecorder() {
            return new MetadataRecorder();
        }

        @Bean
        FakeWatch fakeWatch() {
            return new FakeWatch();
        }

        @Bean
        FakeLease fakeLease() {
            return new FakeLease();
        }

        @Bean
        FakeMember fakeMember() {
            return new FakeMember();
        }

        @Bean
        HealthOutcomes healthOutcomes() {
            return new HealthOutcomes() {
                @Override
                public void health(boolean healthy) {}

                @Override
                public void check(String type, String name, boolean healthy) {}
            };
        }

        @Bean
        CallCounters callCounters(ObjectProvider<BindableService> services) {
            return new CallCounters(
                    services.stream()
                            .map(service -> service.bindService().getServiceDescriptor())
                            .toList(),
                    () -> Duration.ZERO,
                    (method, success) -> nanos -> {},
                    System::nanoTime,
                    NoUsers.register(),
                    null);
        }

        @Bean
        GatewayRule gatewayRule() {
            return new GatewayRule(() -> false);
        }

        @Bean
        RestDoor.Width restWidth() {
            return new RestDoor.Width(2);
        }

        @Bean
        ConsoleDoor.Access consoleAccess() {
            return new ConsoleDoor.Access(true, false);
        }

        @Bean
        MetricsText metricsText() {
            return () -> "up 1\n";
        }

        @Bean
        ServletRegistrationBean<HelloServlet> hello() {
            return new ServletRegistrationBean<>(new HelloServlet(), "/api/v1/hello");
        }
    }

    /** Something behind the bridge that tells whom it sees. */
    static final class HelloServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            RemoteClient peer = ((BridgedClient) request.getAttribute(BridgedClient.class.getName())).peer();
            byte[] body = request.getInputStream().readAllBytes();
            response.getWriter()
                    .print(request.getRemoteAddr() + " " + request.getScheme() + " " + body.length + " "
                            + peer.certificates().size());
        }
    }

    /** A member whose state the test sets. */
    public static final class FakeMember implements MemberHealth {

        public volatile Set<AlarmType> alarms = Set.of();
        public volatile boolean leaderKnown = true;
        public volatile boolean learner;
        public volatile @Nullable Throwable readFailure;

        @Override
        public Set<AlarmType> alarms() {
            return alarms;
        }

        @Override
        public boolean leaderKnown() {
            return leaderKnown;
        }

        @Override
        public boolean learner() {
            return learner;
        }

        @Override
        public CompletionStage<?> linearizableRead() {
            Throwable failure = readFailure;
            return failure == null ? CompletableFuture.completedFuture("") : CompletableFuture.failedFuture(failure);
        }

        @Override
        public CompletionStage<?> serializableRead() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public String serverVersion() {
            return "3.6.0";
        }

        @Override
        public @Nullable String clusterVersion() {
            return null;
        }

        @Override
        public @Nullable String storageVersion() {
            return "3.6.0";
        }
    }
}
