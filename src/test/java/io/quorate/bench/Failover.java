package io.quorate.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;

/** Calls one member until a call fails, then the next one, as clients with several endpoints do. For one event loop. */
final class Failover extends Channel {

    private final List<? extends Channel> members;
    private int current;

    Failover(List<? extends Channel> members, int first) {
        this.members = members;
        this.current = first % members.size();
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        int used = current;
        return new SimpleForwardingClientCall<>(members.get(used).newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                if (!status.isOk() && current == used) {
                                    current = (used + 1) % members.size();
                                }
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    @Override
    public String authority() {
        return members.get(current).authority();
    }
}
