package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ServerCredentials;
import io.grpc.internal.GrpcAttributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalWriteBufferingAndExceptionHandlerUtils;
import io.netty.channel.Channel;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** gRPC's internal classes may change with any release; sharing the port stands on these. */
class GrpcInternalsTests {

    @Test
    void internalsWhenGrpcIsUpgradedAreStillThere() throws Exception {
        Method create = InternalNettyServerCredentials.class.getMethod(
                "create", InternalProtocolNegotiator.ProtocolNegotiator.class);
        assertThat(create.getReturnType()).isEqualTo(ServerCredentials.class);
        assertThat(InternalProtocolNegotiator.ProtocolNegotiator.class.isInterface())
                .isTrue();
        assertThat(InternalWriteBufferingAndExceptionHandlerUtils.class.getMethod(
                        "writeBufferingAndRemove", Channel.class))
                .isNotNull();
        assertThat(GrpcHttp2ConnectionHandler.class.getMethod(
                        "handleProtocolNegotiationCompleted",
                        io.grpc.Attributes.class,
                        io.grpc.InternalChannelz.Security.class))
                .isNotNull();
        assertThat(GrpcAttributes.ATTR_SECURITY_LEVEL).isNotNull();
        // the order to close at once, which Http1Connection takes any foreign write for
        assertThat(Class.forName("io.grpc.netty.ForcefulCloseCommand").getPackageName())
                .isEqualTo(GrpcHttp2ConnectionHandler.class.getPackageName());
    }
}
