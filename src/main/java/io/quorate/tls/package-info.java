/**
 * Secures connections of clients and of members: the certificates that this member shows, those that it trusts, and
 * how both change while it runs.
 *
 * <p>{@link io.quorate.tls.Credentials} are keys, authorities and revocations read at one moment. A {@link
 * io.quorate.tls.TlsHandlers} makes the TLS handler of each new connection in one direction from the newest credentials;
 * connections that exist keep theirs. {@link io.quorate.tls.Handshakes} counts and reports the handshakes of a port that
 * failed.
 *
 * <p>Threads: handlers are made on event loops. Certificates are judged on a thread of the port ({@code client-tls}, {@code
 * peer-tls}), because a name may have to be looked up. Files are looked at by {@code tls-reload} ({@link
 * io.quorate.tls.FollowedFiles}).
 *
 * <p>Invariants: credentials that cannot be used never replace those that can; a change never mixes an old key with a new
 * certificate; a session cannot be resumed under other credentials than it was made with.
 */
@NullMarked
package io.quorate.tls;

import org.jspecify.annotations.NullMarked;
