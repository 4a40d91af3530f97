package io.quorate.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.quorate.proto.LeaseGrpc;
import java.util.function.Supplier;

/** Renewals over one stream, each after the answer to the one before. */
final class KeepAliveOperation extends ClientCall.Listener<Boolean> implements Operation {

    private final ClientCall<byte[], Boolean> call;
    private final Supplier<byte[]> messages;
    private final Slot slot;

    KeepAliveOperation(Channel channel, Supplier<byte[]> messages, Slot slot) {
        this.messages = messages;
        this.slot = slot;
        call = channel.newCall(RawMessages.raw(LeaseGrpc.getLeaseKeepAliveMethod()), CallOptions.DEFAULT);
        call.start(this, new Metadata());
    }

    @Override
    public void issue() {
        call.request(1);
        call.sendMessage(messages.get());
    }

    @Override
    public void onMessage(Boolean answer) {
        slot.done(true);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        slot.done(false);
    }
}
