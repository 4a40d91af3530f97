package io.quorate.wiring;

import io.quorate.assembly.ConsensusAssembly;
import io.quorate.base.MonotonicClock;
import io.quorate.config.RaftSettings;
import io.quorate.identity.Passwords;
import io.quorate.identity.SimpleTokens;
import io.quorate.identity.WorkPool;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IdentityWiring {

    @Bean
    WorkPool passwordPool() {
        return new WorkPool("password", 1, 256);
    }

    @Bean
    Passwords passwords(WorkPool pool) {
        return new Passwords(pool, 10);
    }

    @Bean
    SimpleTokens tokens(RaftSettings raft, ObjectProvider<ConsensusAssembly> consensus, MonotonicClock clock) {
        return new SimpleTokens(
                Duration.ofMinutes(5),
                ProposalWiring.requestTimeout(raft),
                index -> consensus.getObject().waiters().whenApplied(index),
                clock);
    }
}
