/**
 * Identities of callers: passwords, the tokens that stand for a login, and the tokens of an outside issuer.
 *
 * <p>{@link io.quorate.identity.Tokens} are of one kind, as etcd's {@code --auth-token} chooses it: {@link
 * io.quorate.identity.SimpleTokens}, {@link io.quorate.identity.JwtTokens} or {@link io.quorate.identity.NoTokens}. {@link
 * io.quorate.identity.OutsideIssuer} knows tokens that another system has made, and {@link
 * io.quorate.identity.CombinedTokens} puts it behind them. {@link io.quorate.identity.Passwords} hashes and compares.
 *
 * <p>Threads: a token that is known already is looked up on the thread that asks. Whatever costs more than a lookup runs in
 * a {@link io.quorate.identity.WorkPool}, which has threads of its own and refuses what is too much.
 *
 * <p>Invariants: neither passwords nor tokens nor keys are in a message, in a log, or in the name of anything; a token that
 * is known was either made here by an entry of the log or verified with a key; the algorithm of a token is what this member
 * expects, whatever the token says about itself.
 */
@NullMarked
package io.quorate.identity;

import org.jspecify.annotations.NullMarked;
