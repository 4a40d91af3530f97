package io.quorate.tool;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Words for a call that reached no member: the platform's exceptions often have no message of their own. */
final class Unreachable {

    private Unreachable() {}

    static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnresolvedAddressException unresolved -> {
                    return "its name cannot be resolved";
                }
                case HttpConnectTimeoutException late -> {
                    return "nothing accepted the connection in time";
                }
                case HttpTimeoutException late -> {
                    return "no answer came in time";
                }
                case SSLException tls -> {
                    return "TLS: " + tls.getMessage();
                }
                default -> {
                    // a cause further down may say it
                }
            }
        }
        return failure instanceof ConnectException && failure.getMessage() == null
                ? "the connection was refused"
                : String.valueOf(failure.getMessage());
    }
}
