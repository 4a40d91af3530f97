package io.quorate.wiring;

import io.quorate.api.port.ClientPortConfiguration;
import io.quorate.api.rest.RestConfiguration;
import io.quorate.config.SettingsConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Every configuration class of a member, in the order of a request's way. */
@Configuration(proxyBeanMethods = false)
@Import({
    SettingsConfiguration.class,
    SecurityWiring.class,
    IdentityWiring.class,
    ClientPortConfiguration.class,
    RestConfiguration.class,
    AuthWiring.class,
    TracingWiring.class,
    EdgeWiring.class,
    ServiceWiring.class,
    ServerWiring.class,
    ConsensusWiring.class,
    PeerWiring.class,
    ProposalWiring.class,
    IntegrityWiring.class,
    BackupWiring.class,
    StateWiring.class,
    RepositoryWiring.class,
    OpsWiring.class
})
class MemberParts {}
