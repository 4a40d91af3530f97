package io.quorate.api.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import lombok.RequiredArgsConstructor;

/** Stands before everything on a port for operators: looks at the host that is asked for, and tells errors in plain text. */
@RequiredArgsConstructor
public final class OperatorsFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String SETTINGS = "/actuator/settings";
    private static final String SETTINGS_ARE_READ_ONLY =
            "Method Not Allowed: settings can be changed here only where management.endpoint.settings.access is unrestricted";
    private static final int METHOD_NOT_ALLOWED = HttpServletResponse.SC_METHOD_NOT_ALLOWED;

    private final transient HostRule hosts;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (hosts.allows(request.getHeader("Host"))) {
            chain.doFilter(request, new PlainErrors(request, response));
        } else {
            write(response, Page.error(421, "host not allowed"));
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
