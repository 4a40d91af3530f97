package io.quorate.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.embedded.EmbeddedQuorate;
import io.quorate.embedded.spring.EmbeddedQuorateConnection;
import io.quorate.embedded.spring.QuorateConnectionDetails;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** A cluster that the configuration of a test declares, as docs/library.md has it. One of the annotation's is in FlagsApplicationTests. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@EmbeddedQuorateConnection(property = "etcd.endpoints")
class EmbeddedConnectionIT {

    /** What reads the property anyway. */
    record Reader(List<URI> endpoints) {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Reader reader(@Value("${etcd.endpoints}") List<URI> endpoints) {
            return new Reader(endpoints);
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class ClusterConfiguration {

        @Bean
        EmbeddedQuorate cluster() {
            return EmbeddedQuorate.builder().members(3).start();
        }
    }

    @Test
    void connectionWhenTheTestDeclaresAClusterIsToThatOne(
            @Autowired List<EmbeddedQuorate> clusters,
            @Autowired QuorateConnectionDetails details,
            @Autowired Reader reader) {
        assertThat(clusters)
                .singleElement()
                .satisfies(cluster -> assertThat(cluster.endpoints())
                        .hasSize(3)
                        .isEqualTo(details.endpoints())
                        .isEqualTo(reader.endpoints()));
    }
}
