package io.quorate.embedded.spring;

import java.net.URI;
import java.util.List;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** How an application reaches its cluster, for the bean that makes its client: {@code Client.builder().endpoints(details.endpoints())}. */
@FunctionalInterface
public interface QuorateConnectionDetails extends ConnectionDetails {

    /** Where clients reach the members. */
    List<URI> endpoints();
}
