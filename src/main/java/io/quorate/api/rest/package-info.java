/**
 * What the client port answers over HTTP: etcd's JSON gateway under {@code /v3/}, its health and version endpoints, and
 * its metrics; everything else goes on to Spring's servlets.
 *
 * <p>The gateway's routes come from the {@code google.api.http} options of the services' descriptors. A request is
 * translated straight from JSON to the protobuf encoding ({@link io.quorate.api.rest.JsonToWire}) and back ({@link
 * io.quorate.api.rest.WireToJson}) by tables built at start, and given to the very service definition that gRPC calls,
 * interceptors included ({@link io.quorate.api.rest.GatewayCall}). There is no second hop.
 *
 * <p>Threads: all of it runs on the event loop of the request's connection; only the metrics page is rendered elsewhere.
 *
 * <p>Invariants: no answer ever contains the name or text of an exception; input is read with bounded nesting and
 * bounded size.
 */
@NullMarked
package io.quorate.api.rest;

import org.jspecify.annotations.NullMarked;
