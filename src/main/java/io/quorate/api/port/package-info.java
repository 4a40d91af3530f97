/**
 * The client port: one listener for gRPC, HTTP/1.1 and JSON over HTTP/2, in clear text or over TLS.
 *
 * <p>{@link io.quorate.api.port.ClientPortServer} listens. A new connection is read until its first bytes tell what it speaks ({@link
 * io.quorate.api.port.PortSharingHandler}). The preface of HTTP/2 makes it a {@link io.quorate.api.port.MultiplexedConnection}, whose
 * streams {@link io.quorate.api.port.StreamRouter} deals out: those that speak gRPC are calls ({@link io.quorate.api.port.ConnectionCalls}).
 * Anything else is HTTP/1.1 ({@link io.quorate.api.port.Http1Connection}). Both kinds of HTTP request become an {@link
 * io.quorate.api.port.HttpExchange} and go to the one {@link io.quorate.api.port.HttpHandler}; what that handler does not serve itself is
 * passed on to Tomcat by {@link io.quorate.api.port.TomcatBridge}.
 *
 * <p>TLS is that of {@link io.quorate.tls}, shared with the peer port.
 *
 * <p>Threads: everything about a connection happens on its event loop ({@code client-port-*}); nothing here blocks it.
 * {@link io.quorate.api.port.OpenStreams} is the exception: any thread may use it.
 *
 * <p>Invariants: an exchange is answered exactly once or aborted; the bytes of one connection never reach another; a
 * request reaches Tomcat only through the bridge, because its socket lies in a directory of mode 0700 and each request
 * carries an unguessable token.
 */
@NullMarked
package io.quorate.api.port;

import org.jspecify.annotations.NullMarked;
