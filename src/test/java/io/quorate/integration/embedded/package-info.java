/** Embedded members as users have them: by jetcd, in tests of JUnit and Spring Boot, and in the examples. */
@NullMarked
package io.quorate.integration.embedded;

import org.jspecify.annotations.NullMarked;
