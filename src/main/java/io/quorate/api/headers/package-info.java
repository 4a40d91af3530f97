/**
 * All that this program uses of the inside of gRPC for Java, which may change with any release: nobody else imports such a class.
 * The test of {@link io.quorate.api.headers.GrpcHeaders} says what is relied upon, and fails when an upgrade changes it.
 */
@NullMarked
package io.quorate.api.headers;

import org.jspecify.annotations.NullMarked;
