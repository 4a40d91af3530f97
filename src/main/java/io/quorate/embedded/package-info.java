/**
 * Members inside a test, or inside any other program: {@link io.quorate.embedded.EmbeddedQuorate} starts one or three, in the JVM
 * around it or as processes, and removes what they leave. A cluster and its members may be used by any thread; calls that start or
 * stop a member wait for each other. It always holds that no thread, process, port or file is left after the cluster was
 * closed, and that neither system properties nor logging nor hooks of the JVM are touched.
 */
@NullMarked
package io.quorate.embedded;

import org.jspecify.annotations.NullMarked;
