package io.quorate.examples.boot;

import io.etcd.jetcd.Client;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application whose feature flags are keys below {@code flags/}. */
@SpringBootApplication(proxyBeanMethods = false)
public class FlagsApplication {

    /** Runs it; {@code etcd.endpoints} says where the members are. */
    public static void main(String[] arguments) {
        SpringApplication.run(FlagsApplication.class, arguments);
    }

    @Bean
    Client client(@Value("${etcd.endpoints}") String[] endpoints) {
        return Client.builder().endpoints(endpoints).build();
    }

    @Bean
    Flags flags(Client client) {
        return new Flags(client);
    }
}
