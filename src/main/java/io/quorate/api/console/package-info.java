/**
 * The console: a page for people at {@code /console/} on the client port, made of static files of this package. It reads and changes
 * nothing by itself: what it shows and does goes through the REST API, in the name of the user that has logged in.
 *
 * <p>Nothing is read before the first visit ({@link io.quorate.api.console.ConsoleFiles}).
 *
 * <p>Threads: the event loop of the request's connection; the files are read on a virtual thread.
 *
 * <p>Invariants: only files of a fixed list are served, whatever the path; every answer forbids scripts, styles and connections from
 * elsewhere, and being shown inside another page.
 */
@NullMarked
package io.quorate.api.console;

import org.jspecify.annotations.NullMarked;
