package io.quorate.api.rest;

import io.quorate.base.Stages;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/** The member's pages for a servlet container: etcd's {@code --listen-metrics-urls}, our management port. */
@Slf4j
@RequiredArgsConstructor
public final class MemberPagesServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Longer than any probe takes. */
    private static final long TIMEOUT_MILLIS = 60_000;

    private final transient MemberPages pages;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (!pages.serves(path)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        AsyncContext async = request.startAsync();
        async.setTimeout(TIMEOUT_MILLIS);
        String query = request.getQueryString() == null ? "" : request.getQueryString();
        Stages.whenDone("a page", pages.render(request.getMethod(), path, query), (page, failure) -> {
            if (failure != null) {
                Stages.report("a page", failure);
            }
            write(async, failure == null ? page : Page.error(500, "internal error"));
        });
    }

    private static void write(AsyncContext async, Page page) {
        try {
            HttpServletResponse response = (HttpServletResponse) async.getResponse();
            response.setStatus(page.status());
            page.headers().forEach(response::setHeader);
            response.getOutputStream().write(page.body().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.debug("The client closed the connection before its page was sent", e);
        } finally {
            async.complete();
        }
    }
}
