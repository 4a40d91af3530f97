package io.quorate.api.port;

import com.google.protobuf.AbstractParser;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.quorate.base.MessageDepth;

/** Parses requests that are nested as deeply as etcd allows, {@link MessageDepth#REQUEST_MAX} levels, instead of protobuf's 100. */
public final class DepthLimitedParser extends AbstractParser<Message> {

    private final Parser<? extends Message> messages;

    private DepthLimitedParser(Parser<? extends Message> messages) {
        this.messages = messages;
    }

    /** A parser of the messages that another one parses. */
    public static Parser<Message> of(Parser<? extends Message> messages) {
        return new DepthLimitedParser(messages);
    }

    @Override
    public Message parsePartialFrom(CodedInputStream input, ExtensionRegistryLite registry)
            throws InvalidProtocolBufferException {
        input.setRecursionLimit(MessageDepth.REQUEST_MAX);
        return messages.parsePartialFrom(input, registry);
    }
}
