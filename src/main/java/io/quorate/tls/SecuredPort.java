package io.quorate.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one port.
 *
 * @param accepting for connections that others open; null if there is only clear text
 * @param dialling for those this member opens; null if there are none
 * @param handshakes counts those that fail
 * @param followed the files that it depends on
 */
public record SecuredPort(
        @Nullable TlsHandlers accepting,
        @Nullable TlsHandlers dialling,
        Handshakes handshakes,
        List<FollowedFiles> followed) {}
