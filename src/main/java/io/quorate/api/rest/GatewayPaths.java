package io.quorate.api.rest;

import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.quorate.proto.AnnotationsProto;
import io.quorate.proto.HttpRule;
import java.util.ArrayList;
import java.util.List;

/** Where the JSON gateway serves a method. */
public final class GatewayPaths {

    private GatewayPaths() {}

    /** The paths that its {@code google.api.http} option names; empty if it has none. */
    public static List<String> of(ProtoMethodDescriptorSupplier proto) {
        HttpRule rule = proto.getMethodDescriptor().getOptions().getExtension(AnnotationsProto.http);
        List<String> paths = new ArrayList<>();
        paths.add(rule.getPost());
        rule.getAdditionalBindingsList().forEach(more -> paths.add(more.getPost()));
        paths.removeIf(String::isEmpty);
        return paths;
    }
}
