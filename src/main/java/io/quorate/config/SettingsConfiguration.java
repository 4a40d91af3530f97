package io.quorate.config;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Makes the records of settings available and refuses names that none of them knows, and profiles that are nowhere, and numbers that are no port, before any bean is made. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    MemberProperties.class,
    RaftProperties.class,
    ClusterProperties.class,
    ClientProperties.class,
    BackendProperties.class,
    IntegrityProperties.class,
    LimitsProperties.class,
    TlsProperties.class,
    ClientTlsProperties.class,
    PeerTlsProperties.class,
    AuthProperties.class,
    IssuerProperties.class,
    AuditProperties.class
})
public class SettingsConfiguration {

    @Bean
    static BeanFactoryPostProcessor settingNamesCheck(ConfigurableEnvironment environment) {
        return beanFactory -> {
            SettingNames.check(environment);
            KnownProfiles.check(environment);
            OperatorsPort.check(environment);
        };
    }

    @Bean
    SecuritySettings securitySettings(
            ClientProperties client,
            ClusterProperties cluster,
            ClientTlsProperties clientTls,
            PeerTlsProperties peerTls,
            TlsProperties tls) {
        return SecuritySettings.of(client, cluster, clientTls, peerTls, tls);
    }
}
