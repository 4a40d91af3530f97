/**
 * Commands that act on a running cluster and end: what an image without a shell needs around a member. They are what
 * the first argument of a start names, talk to members by the JSON gateway only, and share nothing with a member but the
 * jar, so they start fast and in little memory. One thread runs one command; {@link io.quorate.tool.Tool} lists them.
 */
@NullMarked
package io.quorate.tool;

import org.jspecify.annotations.NullMarked;
