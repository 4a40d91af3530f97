package io.quorate.wiring;

import io.quorate.api.grpc.Access;
import io.quorate.api.grpc.AuditedCalls;
import io.quorate.api.grpc.AuthService;
import io.quorate.api.grpc.Callers;
import io.quorate.api.grpc.Logins;
import io.quorate.api.grpc.OperatorAccess;
import io.quorate.api.rest.GatewayRule;
import io.quorate.assembly.StateAssembly;
import io.quorate.audit.AuditTrail;
import io.quorate.auth.AuthSettingRepository;
import io.quorate.auth.AuthStore;
import io.quorate.auth.RoleRepository;
import io.quorate.auth.UserRepository;
import io.quorate.config.ClientTlsSettings;
import io.quorate.identity.Passwords;
import io.quorate.identity.Tokens;
import io.quorate.lease.LeaseManager;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.Proposer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** Users and roles, and where calls are checked against them. */
@Configuration(proxyBeanMethods = false)
class AuthWiring {

    @Bean
    AuthStore.Repositories authRepositories(
            UserRepository users, RoleRepository roles, AuthSettingRepository settings) {
        return new AuthStore.Repositories(users, roles, settings);
    }

    @Bean
    AuthStore authStore(StateAssembly state) {
        return state.auth();
    }

    @Bean
    Access access(AuthStore store, Tokens tokens, LeaseManager leases, Proposer proposer) {
        return new Access(store, tokens, leases, proposer);
    }

    @Bean
    Logins logins(AuthStore store, Tokens tokens, Passwords passwords, LinearizableReader reader, Proposer proposer) {
        return new Logins(store, tokens, passwords, reader, proposer);
    }

    @Bean
    AuthService authService(Access access, Logins logins) {
        return new AuthService(access, logins);
    }

    @Bean
    @GlobalServerInterceptor
    Callers callers(AuthStore store, ClientTlsSettings tls) {
        return new Callers(() -> store.rules().isEnabled(), tls.clientCertAuth());
    }

    @Bean
    OperatorAccess operatorAccess(AuthStore store, Tokens tokens, Passwords passwords) {
        return new OperatorAccess(store, tokens, passwords);
    }

    /** The gateway turns away clients that might believe that their certificates count there. */
    @Bean
    GatewayRule gatewayRule(AuthStore store, ClientTlsSettings tls) {
        return new GatewayRule(() -> tls.clientCertAuth() && store.rules().isEnabled());
    }

    @Bean
    @GlobalServerInterceptor
    @Order(Ordered.HIGHEST_PRECEDENCE)
    AuditedCalls auditedCalls(AuditTrail trail, Callers callers, Access access) {
        return new AuditedCalls(trail, callers, access);
    }
}
