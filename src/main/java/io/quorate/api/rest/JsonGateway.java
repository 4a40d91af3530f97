package io.quorate.api.rest;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.netty.buffer.ByteBuf;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.port.HttpHandler;
import io.quorate.api.port.MemoryBudget;
import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * etcd's JSON gateway: every method with a {@code google.api.http} option can be called with POST on the paths the
 * option names, the request being the body and the answer the whole message.
 *
 * <p>Several JSON objects may follow each other in the body of a client stream. When the body ends the stream is closed
 * in that direction only and goes on until the client leaves.
 */
final class JsonGateway implements HttpHandler {

    private static final String OLD_PREFIX = "/v3beta/";

    /** A request exists about so often beside its body: as it goes into the log, to the disk and to the store. */
    private static final int FORMS = 4;

    private final Map<String, GatewayMethod> methods;
    private final int maxReceiveBytes;
    private final CallTracers tracers;
    private final MemoryBudget memory;

    /**
     * @param maxReceiveBytes limit of a request in its protobuf encoding, the same as for gRPC
     * @param tracers make the tracer of each call
     * @param memory accounts for what calls hold
     */
    JsonGateway(List<ServerServiceDefinition> services, int maxReceiveBytes, CallTracers tracers, MemoryBudget memory) {
        this.memory = memory;
        this.tracers = tracers;
        this.methods = Map.copyOf(routes(services));
        this.maxReceiveBytes = maxReceiveBytes;
    }

    private static Map<String, GatewayMethod> routes(List<ServerServiceDefinition> services) {
        Map<String, GatewayMethod> routes = new HashMap<>();
        Map<String, MessageLayout> layouts = new HashMap<>();
        for (ServerServiceDefinition service : services) {
            for (ServerMethodDefinition<?, ?> definition : service.getMethods()) {
                if (definition.getMethodDescriptor().getSchemaDescriptor()
                        instanceof ProtoMethodDescriptorSupplier proto) {
                    List<String> paths = GatewayPaths.of(proto);
                    if (!paths.isEmpty()) {
                        GatewayMethod method = GatewayMethod.of(definition, proto, layouts);
                        paths.forEach(path -> routes.put(path, method));
                    }
                }
            }
        }
        return routes;
    }

    /** Whether a path is the gateway's, known or not. */
    static boolean owns(String path) {
        return path.startsWith("/v3/") || path.startsWith(OLD_PREFIX);
    }

    /** The paths served. */
    Set<String> paths() {
        return methods.keySet();
    }

    @Override
    public void handle(HttpExchange exchange) {
        String path = exchange.path();
        GatewayMethod method =
                methods.get(path.startsWith(OLD_PREFIX) ? "/v3/" + path.substring(OLD_PREFIX.length()) : path);
        if (method == null) {
            GatewayErrors.respond(exchange, Status.NOT_FOUND.withDescription("Not Found"));
        } else if (!exchange.method().equals("POST")) {
            GatewayErrors.respond(exchange, Status.UNIMPLEMENTED.withDescription("Method Not Allowed"));
        } else {
            call(exchange, method);
        }
    }

    private void call(HttpExchange exchange, GatewayMethod method) {
        Metadata metadata;
        long timeoutNanos;
        try {
            metadata = GatewayHeaders.metadata(exchange);
            timeoutNanos = GatewayHeaders.timeoutNanos(exchange);
        } catch (JsonSyntaxException e) {
            GatewayErrors.respond(exchange, Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
            return;
        }
        if (method.takesOneRequest()) {
            BodyMemory room = new BodyMemory(memory, exchange, refusal -> GatewayErrors.respond(exchange, refusal));
            exchange.onFinished(room::release);
            exchange.receive(new OneRequest(exchange, method, metadata, timeoutNanos, room));
        } else {
            AtomicReference<@Nullable GatewayCall> begun = new AtomicReference<>();
            BodyMemory room = new BodyMemory(memory, exchange, refusal -> {
                GatewayCall call = begun.get();
                if (call != null) {
                    call.reject(refusal);
                }
            });
            exchange.onFinished(room::release);
            GatewayCall call = begin(method, exchange, metadata, timeoutNanos, room);
            begun.set(call);
            exchange.receive(new ManyRequests(method, call, room));
            call.start(metadata);
        }
    }

    private GatewayCall begin(
            GatewayMethod method, HttpExchange exchange, Metadata metadata, long timeoutNanos, BodyMemory room) {
        String name = method.descriptor().getFullMethodName();
        return new GatewayCall(method, exchange, timeoutNanos, tracers.newServerStreamTracer(name, metadata), room);
    }

    private static Status invalid(JsonSyntaxException e) {
        return Status.INVALID_ARGUMENT.withDescription(e.getMessage());
    }

    private Status tooLarge(int bytes) {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                "grpc: received message larger than max (" + bytes + " vs. " + maxReceiveBytes + ")");
    }

    /** JSON may be twice as long as what it says: base64 takes a third more, and there are names and white space. */
    private boolean exceedsTextLimit(JsonValues values) {
        return values.size() > 2L * maxReceiveBytes;
    }

    private Message checked(Message request) {
        if (request.getSerializedSize() > maxReceiveBytes) {
            throw new RequestTooLargeException(request.getSerializedSize());
        }
        return request;
    }

    private static final class RequestTooLargeException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int bytes;

        RequestTooLargeException(int bytes) {
            super("request of " + bytes + " bytes", null, false, false);
            this.bytes = bytes;
        }
    }

    /** The body of a call with one request: the first object in it; without any, the empty message. */
    private final class OneRequest implements HttpExchange.Body {

        private final HttpExchange exchange;
        private final GatewayMethod method;
        private final Metadata metadata;
        private final long timeoutNanos;
        private final BodyMemory room;
        private final JsonValues values = new JsonValues();

        OneRequest(HttpExchange exchange, GatewayMethod method, Metadata metadata, long timeoutNanos, BodyMemory room) {
            this.room = room;
            this.exchange = exchange;
            this.method = method;
            this.metadata = metadata;
            this.timeoutNanos = timeoutNanos;
        }

        @Override
        public void data(ByteBuf piece) {
            values.add(piece);
            room.body(values.capacity());
            if (exceedsTextLimit(values)) {
                GatewayErrors.respond(exchange, tooLarge(values.size()));
            }
        }

        @Override
        public void end() {
            try {
                JsonCursor json = values.next();
                if (json == null && values.isInsideObject()) {
                    throw new JsonSyntaxException("unexpected EOF");
                }
                Message request = json == null ? method.emptyRequest() : checked(method.parse(json, values.size()));
                room.reserve((long) FORMS * request.getSerializedSize(), () -> make(request));
            } catch (JsonSyntaxException e) {
                GatewayErrors.respond(exchange, invalid(e));
            } catch (RequestTooLargeException e) {
                GatewayErrors.respond(exchange, tooLarge(e.bytes));
            }
        }

        private void make(Message request) {
            GatewayCall call = begin(method, exchange, metadata, timeoutNanos, room);
            call.start(metadata);
            call.receive(request);
            call.endRequests();
        }
    }

    /**
     * The body of a client stream. One that begins badly is refused; after a first request, as in etcd, what cannot be
     * read ends the client's side of the stream.
     */
    private final class ManyRequests implements HttpExchange.Body {

        private final GatewayMethod method;
        private final GatewayCall call;
        private final BodyMemory room;
        private final JsonValues values = new JsonValues();
        private boolean begun;
        private boolean ended;

        ManyRequests(GatewayMethod method, GatewayCall call, BodyMemory room) {
            this.room = room;
            this.method = method;
            this.call = call;
        }

        @Override
        public void data(ByteBuf piece) {
            if (ended || call.isOver()) {
                return;
            }
            values.add(piece);
            room.body(values.capacity());
            try {
                for (JsonCursor json = values.next(); json != null; json = values.next()) {
                    call.receive(checked(method.parse(json, 256)));
                    begun = true;
                }
                if (exceedsTextLimit(values)) {
                    call.reject(tooLarge(values.size()));
                }
            } catch (JsonSyntaxException e) {
                unreadable(invalid(e));
            } catch (RequestTooLargeException e) {
                call.reject(tooLarge(e.bytes));
            }
        }

        @Override
        public boolean isBetweenRequests() {
            return ended || !values.isInsideObject();
        }

        @Override
        public void end() {
            if (values.isInsideObject()) {
                unreadable(Status.INVALID_ARGUMENT.withDescription("unexpected EOF"));
            } else if (!ended) {
                ended = true;
                call.endRequests();
            }
        }

        private void unreadable(Status mistake) {
            if (!begun) {
                call.reject(mistake);
            } else if (!ended) {
                ended = true;
                call.endRequests();
            }
        }
    }
}
