/**
 * What the process says and returns when it cannot start: for each cause that an operator can cure a description and an
 * action instead of a stack trace, and an exit code of its own. The analyzers are found through
 * {@code META-INF/spring.factories} and come before Boot's own.
 */
@NullMarked
package io.quorate.ops.failure;

import org.jspecify.annotations.NullMarked;
