package io.quorate.conformance;

import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.HttpTransport;
import io.quorate.fixture.HttpTransport.LineStream;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.WatchCreateRequest;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The steps of a program that go over HTTP/1.1. */
final class HttpCalls {

    /** Names of the fields of an answer that are compared; the others belong to the way of transport. */
    private static final List<String> HEADERS = List.of(
            "content-type",
            "grpc-metadata-content-type",
            "allow",
            "location",
            "www-authenticate",
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-headers");

    private static final int LEASE_CHOSEN_FROM = 1 << 30;

    private final Http1Transport plain;
    private final Symbols symbols;
    private final Names names;
    private final Sentinels sentinels;

    HttpCalls(Http1Transport plain, Symbols symbols, Names names, Sentinels sentinels) {
        this.plain = plain;
        this.symbols = symbols;
        this.names = names;
        this.sentinels = sentinels;
    }

    /** Without a token or with one. */
    private HttpTransport transport(@Nullable String token) {
        return token == null ? plain : plain.with(Map.of("Authorization", token));
    }

    JsonNode send(Step.Http request, @Nullable String token) {
        HttpTransport transport = transport(token);
        String body = symbols.resolve(request.body());
        HttpReply reply;
        try {
            reply = transport.send(request.method(), request.path(), body);
        } catch (UncheckedIOException e) {
            return JsonNodeFactory.instance.stringNode(String.valueOf(e.getCause()));
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("status", reply.status());
        for (String header : HEADERS) {
            if (reply.headers().containsKey(header)) {
                answer.put(header, reply.headers().get(header));
            }
        }
        JsonNode content = content(plain(reply.body()));
        noteLease(transport, request.path(), body, content);
        noteLogin(request, content);
        answer.set("body", names.of(content));
        return answer;
    }

    /** JSON as such, several lines of it as a list, anything else as text. */
    /** Go's protobuf library has errors with plain spaces in one build and with others in the next, so that nobody relies on them. */
    private static String plain(String text) {
        return text.replace('\u00a0', ' ');
    }

    private static JsonNode content(String body) {
        try {
            if (body.startsWith("{\"result\"") || body.startsWith("{\"error\":{")) {
                ArrayNode lines = JsonNodeFactory.instance.arrayNode();
                body.lines().forEach(line -> lines.add(HttpReply.parse(line)));
                return lines;
            }
            return body.startsWith("{") ? HttpReply.parse(body) : JsonNodeFactory.instance.stringNode(body);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.stringNode(body);
        }
    }

    private void noteLease(HttpTransport transport, String path, String body, JsonNode content) {
        long id = content.path("ID").asLong(0);
        if (id == 0 || !path.endsWith("/lease/grant")) {
            return;
        }
        if (body.strip().equals("null")) { // what only one server grants must be gone before the next step
            transport.send("POST", "/v3/lease/revoke", "{\"ID\":\"" + id + "\"}");
        } else if (id > LEASE_CHOSEN_FROM && !body.contains(Long.toString(id))) {
            symbols.chosen(id);
        }
    }

    private void noteLogin(Step.Http step, JsonNode content) {
        if (step.request() instanceof AuthenticateRequest login && content.has("token")) {
            symbols.loggedIn(login.getName(), content.path("token").asString());
        }
    }

    JsonNode watch(Step.HttpWatch step, @Nullable String token) {
        WatchCreateRequest request = symbols.resolve(step.request());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        try (LineStream stream = transport(token).stream("/v3/watch", symbols.resolve(step.body()))) {
            answer.put("status", stream.status());
            JsonNode first = HttpReply.parse(plain(stream.nextLine()));
            answer.set("first", names.of(first));
            JsonNode result = first.path("result");
            if (result.path("created").asBoolean(false)
                    && !result.path("canceled").asBoolean(false)) {
                events(stream, request, answer.putArray("events"));
            } else {
                sentinels.write(List.of(request)); // one server may refuse what the other does not, and both count on
            }
        } catch (UncheckedIOException | AssertionError | JacksonException e) {
            answer.put("broken", String.valueOf(e.getMessage()));
        }
        return answer;
    }

    /** All events up to the sentinel's, or the end of the watcher. */
    private void events(LineStream stream, WatchCreateRequest request, ArrayNode seen) {
        long awaited = Sentinels.awaited(request, sentinels.write(List.of(request)));
        long revision = 0;
        while (revision < awaited) {
            JsonNode result = HttpReply.parse(stream.nextLine()).path("result");
            if (result.path("canceled").asBoolean(false)) {
                seen.add(names.of(result));
                return;
            }
            for (JsonNode event : result.path("events")) {
                revision = event.path("kv").path("mod_revision").asLong(0);
                if (!names.mayBeGone(event.path("type").asString("").equals("DELETE"), revision)) {
                    seen.add(names.of(event));
                }
            }
        }
    }
}
