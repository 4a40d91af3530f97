/**
 * Clusters for tests of JUnit: {@link io.quorate.embedded.junit.QuorateCluster} at a class or a method, or a
 * {@link io.quorate.embedded.junit.QuorateExtension} in a field. Used by the threads that run tests; a cluster is closed when the
 * class or the test that it was started for ends. JUnit is a dependency of the user.
 */
@NullMarked
package io.quorate.embedded.junit;

import org.jspecify.annotations.NullMarked;
