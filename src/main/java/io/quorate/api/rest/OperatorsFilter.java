package io.quorate.api.rest;

import io.quorate.api.grpc.OperatorAccess;
import io.quorate.base.RequestException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import lombok.RequiredArgsConstructor;

/** Stands before everything on a port for operators: checks the host and the client, and tells errors in plain text. */
@RequiredArgsConstructor
public final class OperatorsFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String SETTINGS = "/actuator/settings";
    private static final String SETTINGS_ARE_READ_ONLY =
            "Method Not Allowed: settings can be changed here only where management.endpoint.settings.access is unrestricted";
    private static final int METHOD_NOT_ALLOWED = HttpServletResponse.SC_METHOD_NOT_ALLOWED;

    /** What everybody may see: health, metrics and the version. */
    private static final Set<String> OPEN = Set.of(
            "/health",
            "/livez",
            "/readyz",
            "/metrics",
            "/version",
            "/actuator/health",
            "/actuator/prometheus",
            "/actuator/metrics");

    private static final Set<String> NOT_PLAIN = Set.of("%", ";", "..", "//", "\\");

    private final transient HostRule hosts;
    private final transient OperatorAccess access;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!hosts.allows(request.getHeader("Host"))) {
            write(response, Page.error(421, "host not allowed"));
        } else if (isOpen(request.getRequestURI())) {
            chain.doFilter(request, new PlainErrors(request, response));
        } else {
            judged(request, response, chain);
        }
    }

    /**
     * Whether a path is one of the open ones, in plain letters. The same endpoint has many ways to be written, such as {@code
     * /%61ctuator} or {@code /actuator;a=b}; so everything else is asked about, and not what looks like an endpoint.
     */
    private static boolean isOpen(String path) {
        return NOT_PLAIN.stream().noneMatch(path::contains)
                && OPEN.stream().anyMatch(open -> path.equals(open) || path.startsWith(open + "/"));
    }

    private void judged(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            boolean certified = request.getAttribute("jakarta.servlet.request.X509Certificate") != null;
            switch (access.judge(request.getLocalAddr(), certified, request.getHeader("Authorization"))) {
                case PERMITTED -> chain.doFilter(request, new PlainErrors(request, response));
                case FORBIDDEN -> write(response, Page.error(403, "the role root is needed"));
                case UNKNOWN -> {
                    response.setHeader("WWW-Authenticate", "Basic realm=\"quorate\", Bearer");
                    write(response, Page.error(401, "a user with the role root, or a certificate, is needed"));
                }
            }
        } catch (RequestException e) {
            write(response, Page.error(503, "too many requests"));
        }
    }

    private static void write(HttpServletResponse response, Page page) throws IOException {
        response.setStatus(page.status());
        page.headers().forEach(response::setHeader);
        response.getOutputStream().write(page.body().getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }

    /** Errors as etcd's servers tell them, not as a page for browsers. */
    private static final class PlainErrors extends HttpServletResponseWrapper {

        private final String path;

        PlainErrors(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            path = request.getRequestURI();
        }

        @Override
        public void sendError(int status, String text) throws IOException {
            sendError(status);
        }

        @Override
        public void sendError(int status) throws IOException {
            resetBuffer();
            boolean settings = status == METHOD_NOT_ALLOWED && path.startsWith(SETTINGS);
            write(
                    (HttpServletResponse) getResponse(),
                    settings ? Page.error(status, SETTINGS_ARE_READ_ONLY) : Page.plainError(status));
        }
    }
}
