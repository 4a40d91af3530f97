/** What the REST API reads and writes, without a member. */
@NullMarked
package io.quorate.api.web;

import org.jspecify.annotations.NullMarked;
