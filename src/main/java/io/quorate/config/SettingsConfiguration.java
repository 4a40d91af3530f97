package io.quorate.config;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes the records of settings available. Before any bean is made it refuses names that none of them knows, profiles that are nowhere,
 * and numbers that are no port.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    MemberSettings.class,
    RaftSettings.class,
    ClusterSettings.class,
    ClientSettings.class,
    BackendSettings.class,
    IntegritySettings.class,
    LimitSettings.class,
    RestSettings.class,
    ConsoleSettings.class,
    TlsSettings.class,
    ClientTlsSettings.class,
    PeerTlsSettings.class,
    AuthSettings.class,
    IssuerSettings.class,
    AuditSettings.class,
    BackupSettings.class,
    TracingSettings.class
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
            ClientSettings client,
            ClusterSettings cluster,
            ClientTlsSettings clientTls,
            PeerTlsSettings peerTls,
            TlsSettings tls) {
        return SecuritySettings.of(client, cluster, clientTls, peerTls, tls);
    }
}
