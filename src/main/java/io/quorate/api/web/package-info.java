/**
 * The REST API for people: {@code /api/v1} on the client port, by Spring MVC.
 *
 * <p>{@link io.quorate.api.web.RestServlet} is all that exists of it before its first request. The first request makes a context of its own
 * with the controllers ({@link io.quorate.api.web.RestContext}), which the member closes at its end. A controller turns a request into
 * calls of etcd's services ({@link io.quorate.api.web.InnerCall}): the very definitions that gRPC and the JSON gateway call, with their
 * interceptors, so permissions, audit, limits and metrics are the same.
 *
 * <p>Threads: each request has a virtual thread of Tomcat, which waits for the calls it makes. These run on an event loop of the client
 * port, as others do. A stream of events has a thread only while it writes.
 *
 * <p>Invariants: a body is read to a limit and accounted for before a controller sees it; no answer contains the text of an exception that
 * was not made for clients; every error is a problem (RFC 9457).
 */
@NullMarked
package io.quorate.api.web;

import org.jspecify.annotations.NullMarked;
