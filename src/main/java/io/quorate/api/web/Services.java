package io.quorate.api.web;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.ClientPortServerFactory;
import io.quorate.api.port.MemoryBudget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** The services of the client port, as controllers call them. */
final class Services {

    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final Supplier<ScheduledExecutorService> loops;
    private final CallTracers tracers;
    private final MemoryBudget memory;

    /**
     * @param services as configured, behind their interceptors
     * @param loops gives an event loop for each call
     * @param memory accounts for what calls hold
     */
    Services(
            List<ServerServiceDefinition> services,
            Supplier<ScheduledExecutorService> loops,
            CallTracers tracers,
            MemoryBudget memory) {
        this.loops = loops;
        this.tracers = tracers;
        this.memory = memory;
        for (ServerServiceDefinition service : services) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                methods.put(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }
    }

    static Services of(ClientPortServerFactory port, CallTracers tracers, MemoryBudget memory) {
        return new Services(port.services(), port::loop, tracers, memory);
    }

    /** What their methods are, for those that come from proto files. */
    List<ProtoMethodDescriptorSupplier> descriptors() {
        return methods.values().stream()
                .map(method -> method.getMethodDescriptor().getSchemaDescriptor())
                .filter(ProtoMethodDescriptorSupplier.class::isInstance)
                .map(ProtoMethodDescriptorSupplier.class::cast)
                .toList();
    }

    MemoryBudget memory() {
        return memory;
    }

    ScheduledExecutorService loop() {
        return loops.get();
    }

    /** Makes a call, which is yet to be started. */
    <Q, A> InnerCall<Q, A> call(MethodDescriptor<Q, A> method, RestCaller caller, InnerCall.Receiver<A> receiver) {
        String name = method.getFullMethodName();
        InnerCall.Scene scene = new InnerCall.Scene(
                caller.metadata(),
                caller.address(),
                caller.timeoutNanos(),
                loops.get(),
                tracers.newServerStreamTracer(name, caller.metadata()));
        return new InnerCall<>(method, handler(name), scene, receiver);
    }

    @SuppressWarnings("unchecked") // a name stands for one kind of request and answer
    private <Q, A> ServerCallHandler<Q, A> handler(String name) {
        ServerMethodDefinition<?, ?> found = Objects.requireNonNull(methods.get(name), name);
        return (ServerCallHandler<Q, A>) found.getServerCallHandler();
    }
}
