/** The REST API of the client port, over real connections to real members. */
@NullMarked
package io.quorate.integration.rest;

import org.jspecify.annotations.NullMarked;
