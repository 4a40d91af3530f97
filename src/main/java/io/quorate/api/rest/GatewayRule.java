package io.quorate.api.rest;

import io.quorate.api.port.RemoteClient;
import io.quorate.tls.CommonNames;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns away from the gateway clients whose certificate has a common name, while such names stand for users: behind the gateway they
 * do not count, and the client might believe otherwise (docs/etcd-v3.md, section 2.9).
 *
 * @param namesCount whether common names stand for users now
 */
public record GatewayRule(BooleanSupplier namesCount) {

    private static final String REFUSAL =
            "CommonName of client sending a request against gateway will be ignored and not used as expected";

    /** The answer to a client that is turned away; null for all others. */
    @Nullable
    Page refusal(RemoteClient client) {
        if (client.tls() == null || !namesCount.getAsBoolean()) {
            return null;
        }
        String name = CommonNames.of(client.tls());
        return name == null || name.isEmpty() ? null : Page.error(400, REFUSAL);
    }
}
