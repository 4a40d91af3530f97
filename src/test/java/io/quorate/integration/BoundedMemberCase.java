package io.quorate.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.TestMember;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.KVGrpc.KVBlockingStub;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A member with the memory of an image, and a connection to it that takes answers of any size. */
abstract class BoundedMemberCase {

    TestMember member;
    ManagedChannel channel;

    @BeforeEach
    void start() {
        assumeTrue(TestMember.create(Map.of()).isQuorate(), "its memory is not bounded");
        member = MemberProcess.withOptions(Map.of(), "-XX:MaxDirectMemorySize=128m")
                .start();
        channel = connect();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        member.close();
    }

    final ManagedChannel connect() {
        return NettyChannelBuilder.forAddress(member.host(), member.clientPort())
                .usePlaintext()
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
    }

    final KVBlockingStub kv() {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.MINUTES);
    }
}
