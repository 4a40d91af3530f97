package io.quorate.wiring;

import io.quorate.alarm.AlarmCodec;
import io.quorate.alarm.AlarmRepository;
import io.quorate.auth.AuthSettingCodec;
import io.quorate.auth.AuthSettingRepository;
import io.quorate.auth.RoleCodec;
import io.quorate.auth.RoleRepository;
import io.quorate.auth.UserCodec;
import io.quorate.auth.UserRepository;
import io.quorate.lease.LeaseCodec;
import io.quorate.lease.LeaseRepository;
import io.quorate.membership.MemberCodec;
import io.quorate.membership.MemberRepository;
import io.quorate.storage.springdata.EnableRocksRepositories;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The repositories of metadata and how their entities are stored. */
@Configuration(proxyBeanMethods = false)
@EnableRocksRepositories({
    MemberRepository.class,
    LeaseRepository.class,
    AlarmRepository.class,
    UserRepository.class,
    RoleRepository.class,
    AuthSettingRepository.class
})
class RepositoryWiring {

    @Bean
    MemberCodec memberCodec() {
        return new MemberCodec();
    }

    @Bean
    LeaseCodec leaseCodec() {
        return new LeaseCodec();
    }

    @Bean
    AlarmCodec alarmCodec() {
        return new AlarmCodec();
    }

    @Bean
    UserCodec userCodec() {
        return new UserCodec();
    }

    @Bean
    RoleCodec roleCodec() {
        return new RoleCodec();
    }

    @Bean
    AuthSettingCodec authSettingCodec() {
        return new AuthSettingCodec();
    }
}
