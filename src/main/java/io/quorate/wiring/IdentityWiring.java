package io.quorate.wiring;

import io.quorate.assembly.ConsensusAssembly;
import io.quorate.audit.AuditChoice;
import io.quorate.audit.AuditSink;
import io.quorate.audit.AuditTrail;
import io.quorate.audit.FileSink;
import io.quorate.audit.OutputSink;
import io.quorate.base.AgentThread;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Stages;
import io.quorate.config.AuditSettings;
import io.quorate.config.AuditSettings.Calls;
import io.quorate.config.AuthSettings;
import io.quorate.config.BadSettingException;
import io.quorate.config.IssuerSettings;
import io.quorate.config.RaftSettings;
import io.quorate.identity.CombinedTokens;
import io.quorate.identity.OutsideIssuer;
import io.quorate.identity.Passwords;
import io.quorate.identity.Tokens;
import io.quorate.identity.WorkPool;
import io.quorate.membership.Membership;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Identities of callers, and the trail of their calls. Nothing here starts a thread or loads a library before a user logs in, brings a token
 * or leaves a line.
 */
@Configuration(proxyBeanMethods = false)
class IdentityWiring {

    /** Passwords, or tokens, that may wait for a thread. */
    private static final int QUEUE_MAX = 256;

    /** What costs a processor, each apart from the others. */
    record AuthPools(WorkPool passwords, WorkPool tokens, WorkPool issuerKeys) implements AutoCloseable {

        @Override
        public void close() {
            passwords.close();
            tokens.close();
            issuerKeys.close();
        }
    }

    @Bean
    AuthPools authPools() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new AuthPools(
                new WorkPool("password", threads, QUEUE_MAX),
                new WorkPool("token", threads, QUEUE_MAX),
                new WorkPool("issuer-keys", 1, 1));
    }

    @Bean
    Passwords passwords(AuthSettings settings, AuthPools pools) {
        return new Passwords(pools.passwords(), settings.bcryptCost());
    }

    /** @param consensus asked when the first token waits: what applies entries may itself need the tokens */
    @Bean
    TokenSetup tokenSetup(
            AuthSettings settings,
            AuthPools pools,
            RaftSettings raft,
            ObjectProvider<ConsensusAssembly> consensus,
            MonotonicClock clock) {
        return TokenSetup.of(
                settings,
                new TokenSetup.Means(
                        pools.tokens(),
                        ProposalWiring.requestTimeout(raft),
                        index -> consensus.getObject().waiters().reached(index),
                        clock));
    }

    /** An outside issuer; none if the settings name none. */
    record Issuer(List<OutsideIssuer> issuers) {}

    @Bean
    Issuer issuer(IssuerSettings settings, AuthPools pools, MonotonicClock clock) {
        return new Issuer(
                settings.isOn()
                        ? List.of(IssuerSetup.of(settings, pools.tokens(), pools.issuerKeys(), clock))
                        : List.of());
    }

    @Bean
    Tokens tokens(TokenSetup setup, Issuer issuer) {
        return issuer.issuers().isEmpty()
                ? setup.tokens()
                : new CombinedTokens(setup.tokens(), issuer.issuers().getFirst());
    }

    /** What these parts count. */
    record UserCounts(List<Consumer<Meters>> counts) implements Metered {

        @Override
        public void register(Meters meters) {
            counts.forEach(count -> count.accept(meters));
        }
    }

    @Bean
    UserCounts userCounts(AuthPools pools, TokenSetup tokens, Issuer issuer, AuditTrail trail) {
        List<Consumer<Meters>> counts = new ArrayList<>(
                List.of(pools.passwords()::register, pools.tokens()::register, tokens.counts(), trail::register));
        issuer.issuers().forEach(one -> counts.add(one::register));
        return new UserCounts(counts);
    }

    @Bean
    AuditTrail auditTrail(AuditSettings settings, Membership membership, MonotonicClock clock) {
        if (!settings.isOn()) {
            return AuditTrail.off();
        }
        return new AuditTrail(
                choice(settings.calls()),
                sink(settings),
                settings.queue(),
                () -> Long.toHexString(membership.localId()),
                new AuditTrail.Clocks(InstantSource.system(), clock));
    }

    private static AuditChoice choice(Set<Calls> calls) {
        return new AuditChoice(
                calls.contains(Calls.WRITES),
                calls.contains(Calls.AUTH),
                calls.contains(Calls.REFUSALS),
                calls.contains(Calls.ALL));
    }

    private static AuditSink sink(AuditSettings settings) {
        if (settings.file().isEmpty()) {
            return new OutputSink(new FileOutputStream(FileDescriptor.out));
        }
        FileSink sink =
                new FileSink(Path.of(settings.file()), settings.fileSize().toBytes(), settings.files());
        try {
            sink.open();
        } catch (IOException e) {
            throw new BadSettingException("quorate.audit.file", settings.file(), "cannot be opened: " + e);
        }
        return sink;
    }

    /** The thread that writes. The member goes on without it: what does not get written is counted. */
    @Bean
    ReloadLifecycle auditThread(AuditTrail trail) {
        if (!trail.isOn()) {
            return new ReloadLifecycle(List.of());
        }
        AgentThread thread = new AgentThread(trail, failure -> Stages.report("the audit trail", failure));
        trail.attach(thread);
        return new ReloadLifecycle(List.of(thread));
    }
}
