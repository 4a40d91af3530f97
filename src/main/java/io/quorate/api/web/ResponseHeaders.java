package io.quorate.api.web;

import jakarta.servlet.http.HttpServletResponse;

/** What every answer says to browsers: it is nothing to be run, shown inside a page or kept. */
final class ResponseHeaders {

    private ResponseHeaders() {}

    static void addTo(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        response.setHeader("Cache-Control", "no-store");
    }
}
