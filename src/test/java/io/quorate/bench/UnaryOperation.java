package io.quorate.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A unary call; the same listener serves all calls of its slot. */
final class UnaryOperation extends ClientCall.Listener<Boolean> implements Operation {

    private final Channel channel;
    private final MethodDescriptor<byte[], Boolean> method;
    private final Supplier<byte[]> messages;
    private final Slot slot;
    private final @Nullable String token;

    /**
     * @param messages the next message; may be the same array as before, changed
     * @param token of the user who calls; null for nobody
     */
    UnaryOperation(
            Channel channel,
            MethodDescriptor<byte[], Boolean> method,
            Supplier<byte[]> messages,
            Slot slot,
            @Nullable String token) {
        this.token = token;
        this.channel = channel;
        this.method = method;
        this.messages = messages;
        this.slot = slot;
    }

    @Override
    public void issue() {
        ClientCall<byte[], Boolean> call = channel.newCall(method, CallOptions.DEFAULT);
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(LoadUsers.TOKEN, token);
        }
        call.start(this, headers);
        call.request(2);
        call.sendMessage(messages.get());
        call.halfClose();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        slot.done(status.isOk());
    }
}
