/**
 * Clusters for tests of Spring Boot applications: {@link io.quorate.embedded.spring.EmbeddedQuorateConnection} at a test class gives
 * its context an embedded cluster, and the application the endpoints. Used by the thread that makes a context; the cluster is closed
 * with the context. Spring's test support is a dependency of the user.
 */
@NullMarked
package io.quorate.embedded.spring;

import org.jspecify.annotations.NullMarked;
