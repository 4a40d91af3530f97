package io.quorate.wiring;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quorate.base.AgentThread;
import io.quorate.base.MonotonicClock;
import io.quorate.config.ClientProperties;
import io.quorate.config.ClusterProperties;
import io.quorate.config.MemberUrl;
import io.quorate.config.SecuritySettings;
import io.quorate.ops.TlsMetrics;
import io.quorate.server.ErrorChannel;
import io.quorate.tls.FollowedFiles;
import io.quorate.tls.Handshakes;
import io.quorate.tls.SecuredPort;
import io.quorate.tls.TlsReload;
import io.quorate.tls.TlsSetup;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How both ports are secured. */
@Configuration(proxyBeanMethods = false)
class SecurityWiring {

    /** Both ports of the member. */
    record SecuredPorts(SecuredPort clients, SecuredPort peers) implements AutoCloseable {

        List<FollowedFiles> followed() {
            return Stream.concat(clients.followed().stream(), peers.followed().stream())
                    .toList();
        }

        @Override
        public void close() {
            clients.handshakes().close();
            peers.handshakes().close();
        }
    }

    @Bean
    SecuredPorts securedPorts(
            SecuritySettings settings,
            SslBundles bundles,
            MonotonicClock clock,
            ClientProperties client,
            ClusterProperties cluster) {
        TlsSetup setup = new TlsSetup(settings, bundles, clock);
        return new SecuredPorts(
                setup.clients(hosts(client.listenClientUrls(), client.advertiseClientUrls())),
                setup.peers(hosts(cluster.listenPeerUrls(), cluster.initialAdvertisePeerUrls())));
    }

    private static List<String> hosts(List<MemberUrl> listen, List<MemberUrl> advertised) {
        return Stream.concat(listen.stream(), advertised.stream())
                .filter(url -> !url.scheme().isSocketFile())
                .map(MemberUrl::host)
                .distinct()
                .toList();
    }

    @Bean
    ReloadLifecycle tlsReload(SecuredPorts ports, TokenSetup tokens, ErrorChannel errors) {
        List<FollowedFiles> files = Stream.concat(ports.followed().stream(), tokens.followed().stream())
                .toList();
        return new ReloadLifecycle(
                files.isEmpty() ? List.of() : List.of(new AgentThread(new TlsReload(files), errors)));
    }

    @Bean
    TlsMetrics tlsMetrics(SecuredPorts ports, PrometheusRegistry registry) {
        Handshakes clients = ports.clients().handshakes();
        Handshakes peers = ports.peers().handshakes();
        TlsMetrics metrics = new TlsMetrics(Map.of(clients.port(), clients::failures, peers.port(), peers::failures));
        metrics.registerWith(registry);
        return metrics;
    }
}
