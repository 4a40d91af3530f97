/** Users, roles and tokens, as clients see them. */
@NullMarked
package io.quorate.integration.auth;

import org.jspecify.annotations.NullMarked;
