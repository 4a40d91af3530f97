package io.quorate.api.rest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.quorate.api.port.DepthLimitedParser;
import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import java.util.Map;

/**
 * A method as the gateway calls it.
 *
 * @param descriptor gRPC's description
 * @param handler the service, behind its interceptors
 */
record GatewayMethod(
        MethodDescriptor<Message, Message> descriptor,
        ServerCallHandler<Message, Message> handler,
        MessageLayout request,
        MessageLayout response,
        Parser<? extends Message> parser,
        Message emptyRequest) {

    @SuppressWarnings("unchecked") // descriptors made from proto files carry marshallers of Message
    static GatewayMethod of(
            ServerMethodDefinition<?, ?> definition,
            ProtoMethodDescriptorSupplier proto,
            Map<String, MessageLayout> layouts) {
        ServerMethodDefinition<Message, Message> typed = (ServerMethodDefinition<Message, Message>) definition;
        MethodDescriptor<Message, Message> descriptor = typed.getMethodDescriptor();
        var marshaller = (MethodDescriptor.PrototypeMarshaller<Message>) descriptor.getRequestMarshaller();
        Message empty = java.util.Objects.requireNonNull(marshaller.getMessagePrototype());
        return new GatewayMethod(
                descriptor,
                typed.getServerCallHandler(),
                MessageLayout.of(proto.getMethodDescriptor().getInputType(), layouts),
                MessageLayout.of(proto.getMethodDescriptor().getOutputType(), layouts),
                DepthLimitedParser.of(empty.getParserForType()),
                empty);
    }

    boolean isUnary() {
        return descriptor.getType() == MethodDescriptor.MethodType.UNARY;
    }

    boolean takesOneRequest() {
        return descriptor.getType().clientSendsOneMessage();
    }

    /**
     * Reads one request.
     *
     * @throws JsonSyntaxException when it is not one
     */
    Message parse(JsonCursor json, int expectedBytes) {
        ByteSink wire = new ByteSink(expectedBytes);
        JsonToWire.translate(json, request, wire);
        try {
            return parser.parseFrom(wire.array(), 0, wire.size());
        } catch (InvalidProtocolBufferException e) {
            throw new JsonSyntaxException(GatewayErrors.INVALID_MESSAGE); // text that is not UTF-8, or nesting
        }
    }

    /** Appends an answer. */
    void print(MessageLite answer, ByteSink json) {
        WireToJson.translate(answer.toByteArray(), response, json);
    }
}
