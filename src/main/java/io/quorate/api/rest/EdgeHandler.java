package io.quorate.api.rest;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.quorate.api.console.ConsoleDoor;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.port.HttpHandler;
import io.quorate.api.port.PlainProblem;
import io.quorate.base.Stages;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The front door of all HTTP on the client port: checks the host, answers browsers' preflight requests, and gives each
 * request to the gateway, the member's pages, the console or the REST API.
 */
final class EdgeHandler implements HttpHandler {

    private final JsonGateway gateway;
    private final GatewayRule rule;
    private final MemberPages pages;
    private final RestDoor rest;
    private final ConsoleDoor console;
    private final Set<String> hosts;
    private final Set<String> origins;
    private final HttpHeaders anyOrigin;

    EdgeHandler(
            JsonGateway gateway,
            GatewayRule rule,
            MemberPages pages,
            RestDoor rest,
            ConsoleDoor console,
            Set<String> hosts,
            Set<String> origins) {
        this.gateway = gateway;
        this.rule = rule;
        this.pages = pages;
        this.rest = rest;
        this.console = console;
        this.hosts = hosts;
        this.origins = origins;
        this.anyOrigin = allow("*");
    }

    @Override
    public HttpHandler pagesOnly() {
        return exchange -> {
            String path = exchange.path();
            if (!pages.serves(path)) {
                respond(exchange, Page.error(404, "404 page not found"));
            } else if (isRightHost(exchange)) {
                page(exchange, path);
            }
        };
    }

    @Override
    public void handle(HttpExchange exchange) {
        if (!isRightHost(exchange)) {
            return;
        }
        String path = exchange.path();
        HttpHeaders cors = cors(exchange.headers().get(HttpHeaderNames.ORIGIN));
        if (cors != null) {
            exchange.addToAnswer(RestDoor.owns(path) ? RestDoor.allowed(cors) : cors);
        }
        if (exchange.method().equals("OPTIONS")) {
            exchange.respond(200, new DefaultHttpHeaders(), Unpooled.EMPTY_BUFFER);
        } else if (JsonGateway.owns(path)) {
            call(exchange, path);
        } else if (pages.serves(path)) {
            page(exchange, path);
        } else if (console.owns(path)) {
            console.enter(exchange);
        } else if (rest.serves(path)) {
            visit(exchange);
        } else { // a path begins with a slash; an asterisk, for which HTTP/1.1 has a use, is none
            respond(exchange, path.startsWith("/") ? Page.plainError(404) : Page.error(400, "400 Bad Request"));
        }
    }

    private void call(HttpExchange exchange, String path) {
        Page refusal = path.startsWith("/v3/") ? rule.refusal(exchange.peer()) : null;
        if (refusal == null) {
            gateway.handle(exchange);
        } else {
            respond(exchange, refusal);
        }
    }

    private void visit(HttpExchange exchange) {
        Page refusal = rule.refusal(exchange.peer());
        if (refusal == null) {
            rest.enter(exchange);
        } else {
            PlainProblem.respond(
                    exchange, refusal.status(), "certificate", refusal.body().strip());
        }
    }

    /** Answers a request that names another host. */
    private boolean isRightHost(HttpExchange exchange) {
        boolean right = exchange.peer().tls() != null
                || isAllowedHost(exchange.headers().get(HttpHeaderNames.HOST));
        if (!right && RestDoor.owns(exchange.path())) {
            PlainProblem.respond(exchange, 421, "host", "host not allowed");
        } else if (!right) {
            respond(exchange, Page.error(421, "host not allowed"));
        }
        return right;
    }

    /** Protects browsers behind the same network from pages that rebind their name to this address. */
    private boolean isAllowedHost(@Nullable String host) {
        if (hosts.isEmpty() || hosts.contains("*")) {
            return true;
        }
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']');
        return hosts.contains(port ? host.substring(0, colon) : host);
    }

    private @Nullable HttpHeaders cors(@Nullable String origin) {
        if (origins.contains("*")) {
            return anyOrigin;
        }
        return origin != null && origins.contains(origin) ? allow(origin) : null;
    }

    private static HttpHeaders allow(String origin) {
        return new DefaultHttpHeaders()
                .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS, PUT, DELETE")
                .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "accept, content-type, authorization");
    }

    private void page(HttpExchange exchange, String path) {
        if (pages.isSlow(path)) {
            Thread.ofVirtual().name("page").start(() -> render(exchange, path));
        } else {
            render(exchange, path);
        }
    }

    private void render(HttpExchange exchange, String path) {
        try {
            Stages.whenDone(
                    "a page",
                    pages.render(exchange.method(), path, exchange.query()),
                    (page, failure) -> exchange.eventLoop().execute(() -> {
                        if (failure != null) {
                            Stages.report("a page", failure);
                        }
                        respond(exchange, failure == null ? page : Page.error(500, "internal error"));
                    }));
        } catch (RuntimeException | Error e) { // whatever a page throws, its reader gets an answer
            Stages.report("a page", e);
            exchange.eventLoop().execute(() -> respond(exchange, Page.error(500, "internal error")));
        }
    }

    private static void respond(HttpExchange exchange, Page page) {
        HttpHeaders headers = new DefaultHttpHeaders();
        page.headers().forEach(headers::set);
        exchange.respond(
                page.status(), headers, Unpooled.wrappedBuffer(page.body().getBytes(StandardCharsets.UTF_8)));
    }
}
