package io.quorate.identity;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells the identity that a token stands for. Any thread. */
public interface TokenReader {

    /**
     * The identity behind a token, if no work is needed to tell. This is on the way of every request: it neither waits nor
     * computes.
     *
     * @return null if the token is not known here, or not yet; {@link #find} tells which
     */
    @Nullable
    Identity known(String token);

    /**
     * The identity behind a token, with all the work that it takes. The stage may complete on a thread of the member that
     * must not be held up.
     *
     * @return a stage of null if there is no such token; of a {@link io.quorate.base.RequestException} if too much waits
     */
    CompletionStage<@Nullable Identity> find(String token);
}
