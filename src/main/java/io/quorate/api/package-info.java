/** The edge: etcd's wire in gRPC and JSON. It knows neither storage nor Raft, only requests and their results. */
@NullMarked
package io.quorate.api;

import org.jspecify.annotations.NullMarked;
