/**
 * One class per gRPC service of etcd, and what they share: static checks, answering, headers.
 *
 * <p>Handlers run on Netty's event loops and never block: a change goes to the proposer, a read to the read pool.
 */
@NullMarked
package io.quorate.api.grpc;

import org.jspecify.annotations.NullMarked;
