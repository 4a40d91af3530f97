package io.quorate.wiring;

import io.quorate.tls.FollowedFiles;
import io.quorate.tls.Handshakes;
import io.quorate.tls.TlsHandlers;
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
record SecuredPort(
        @Nullable TlsHandlers accepting,
        @Nullable TlsHandlers dialling,
        Handshakes handshakes,
        List<FollowedFiles> followed) {}
