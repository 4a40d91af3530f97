package io.quorate.api.port;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import org.apache.catalina.Globals;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Tomcat's end of the bridge: refuses what did not come through the client port, and shows the application the real
 * client: address, scheme, certificates in the servlet attribute, and the {@link BridgedClient} under its class name.
 */
final class BridgeValve extends ValveBase {

    private final BridgeSocket socket;

    BridgeValve(BridgeSocket socket) {
        super(true);
        this.socket = socket;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        BridgedClient client = socket.client(request.getHeader(BridgeSocket.TOKEN_FIELD));
        if (client == null) {
            if (!response.isCommitted() && !response.isError()) { // what Tomcat could not read has no fields
                response.sendError(HttpServletResponse.SC_FORBIDDEN);
            }
            return;
        }
        RemoteClient peer = client.peer();
        if (peer.remote() instanceof InetSocketAddress remote) {
            request.setRemoteAddr(remote.getAddress().getHostAddress());
            request.setRemoteHost(remote.getHostString());
        }
        if (peer.tls() != null) {
            request.setSecure(true);
            request.getCoyoteRequest().scheme().setString("https");
            request.setAttribute(Globals.CERTIFICATES_ATTR, peer.certificates().toArray(X509Certificate[]::new));
        }
        request.setAttribute(BridgedClient.class.getName(), client);
        getNext().invoke(request, response);
    }
}
