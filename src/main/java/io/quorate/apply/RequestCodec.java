package io.quorate.apply;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.base.MessageDepth;
import io.quorate.proto.InternalRaftRequest;

/** Reads requests out of entries. The one decoder for those that apply entries and for those that admit them to the log. */
public final class RequestCodec {

    private RequestCodec() {}

    /**
     * Decodes the payload of an entry. The request shares the bytes, so that a value is not copied on its way into the database.
     *
     * @throws InvalidProtocolBufferException if it is no request, or nested more deeply than {@link MessageDepth#ENTRY_MAX}
     */
    public static InternalRaftRequest decode(byte[] data) throws InvalidProtocolBufferException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(data).newCodedInput();
        input.enableAliasing(true);
        input.setRecursionLimit(MessageDepth.ENTRY_MAX);
        return InternalRaftRequest.parser().parseFrom(input);
    }
}
