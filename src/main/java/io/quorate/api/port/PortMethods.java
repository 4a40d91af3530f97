package io.quorate.api.port;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.netty.util.AsciiString;
import io.quorate.api.port.CallTracer.CallTracers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The methods of the port, with their interceptors. Their messages are protobuf. */
final class PortMethods {

    private final Map<CharSequence, PortMethod> methods = new HashMap<>();
    private final CallTracers tracers;
    private final int maxReceiveBytes;
    private final RequestFields fields;

    /**
     * A method, ready to be called.
     *
     * @param parser of its requests
     * @param endsByItself whether {@link UnaryCall} serves it; the others are for {@link StreamingCall}
     */
    record PortMethod(
            MethodDescriptor<Message, Message> descriptor,
            ServerCallHandler<Message, Message> handler,
            Parser<? extends Message> parser,
            boolean endsByItself) {}

    /**
     * @param tracers told of every call
     * @param maxReceiveBytes of one request
     */
    PortMethods(List<ServerServiceDefinition> services, CallTracers tracers, int maxReceiveBytes) {
        this.tracers = tracers;
        this.maxReceiveBytes = maxReceiveBytes;
        services.forEach(service -> service.getMethods().forEach(this::add));
        this.fields = new RequestFields(
                services.stream()
                        .flatMap(service -> service.getMethods().stream())
                        .map(method -> method.getMethodDescriptor().getFullMethodName())
                        .collect(Collectors.toSet()),
                services.stream()
                        .map(service -> service.getServiceDescriptor().getName())
                        .collect(Collectors.toSet()));
    }

    @SuppressWarnings("unchecked") // a method whose marshaller knows a message as prototype takes and gives messages
    private void add(ServerMethodDefinition<?, ?> definition) {
        MethodDescriptor<?, ?> descriptor = definition.getMethodDescriptor();
        if (!(descriptor.getRequestMarshaller() instanceof PrototypeMarshaller<?> marshaller)
                || !(marshaller.getMessagePrototype() instanceof Message prototype)) {
            throw new IllegalArgumentException(descriptor.getFullMethodName() + " does not speak protobuf");
        }
        methods.put(
                AsciiString.of("/" + descriptor.getFullMethodName()),
                new PortMethod(
                        (MethodDescriptor<Message, Message>) descriptor,
                        (ServerCallHandler<Message, Message>) definition.getServerCallHandler(),
                        DepthLimitedParser.of(prototype.getParserForType()),
                        StreamTracker.endsByItself(descriptor)));
    }

    /** The method that a path names; there is one if {@link #fields} have nothing against it. */
    PortMethod of(CharSequence path) {
        return Objects.requireNonNull(methods.get(path), "a method that was looked for");
    }

    RequestFields fields() {
        return fields;
    }

    CallTracers tracers() {
        return tracers;
    }

    int maxReceiveBytes() {
        return maxReceiveBytes;
    }
}
