package io.quorate.config;

import java.util.List;
import java.util.stream.Stream;
import lombok.extern.slf4j.Slf4j;

/**
 * How both ports are secured, checked against where they listen.
 *
 * @param clients the port of clients
 * @param peers the port of members
 * @param tls what is common to both
 */
@Slf4j
public record SecuritySettings(PortSecurity clients, PortSecurity peers, TlsSettings tls) {

    /** @throws BadSettingException if somewhere a certificate is needed and none is configured */
    static SecuritySettings of(
            ClientSettings client,
            ClusterSettings cluster,
            ClientTlsSettings clientTls,
            PeerTlsSettings peerTls,
            TlsSettings tls) {
        SecuritySettings settings = new SecuritySettings(clientTls.security(), peerTls.security(), tls);
        PortSecurity clients = settings.clients();
        List<String> forClients = Stream.of(
                        clients.check("quorate.listen-client-urls", client.listenClientUrls()),
                        clients.check("quorate.listen-client-http-urls", client.listenClientHttpUrls()),
                        clients.check("quorate.listen-metrics-urls", client.listenMetricsUrls()))
                .flatMap(List::stream)
                .toList();
        List<String> forPeers = settings.peers().check("quorate.listen-peer-urls", cluster.listenPeerUrls());
        Stream.concat(forClients.stream(), forPeers.stream()).forEach(log::warn);
        return settings;
    }
}
