package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.quorate.base.Numbering;
import java.nio.charset.StandardCharsets;

/**
 * The greeting of the dialling member.
 *
 * @param protocol version of this protocol
 * @param clusterId of the dialling member; 0 if it does not know yet, on {@link Lane#MEMBERS} only
 * @param from the member that dials; 0 if it does not know yet
 * @param to the member that is meant; 0 if any
 * @param lane what the connection is for
 * @param version of the program that dials
 * @param incarnation of the log of the dialling member; 0 if it does not take part yet
 * @param recipient the incarnation by which the dialling member knows the log of the member that is meant; 0 if it knows none
 */
record Hello(
        int protocol, long clusterId, long from, long to, Lane lane, String version, long incarnation, long recipient) {

    /** Begins every greeting, so that a stray client is recognised: "QRTP". */
    private static final int MAGIC = 0x51525450;

    /** The version that this program speaks. */
    static final int PROTOCOL = 2;

    private static final Numbering<Lane> LANES = Numbering.of(Lane.class);

    static Hello of(PeerIdentity self, long to, Lane lane) {
        Incarnations logs = self.incarnations();
        return new Hello(
                PROTOCOL, self.clusterId(), self.memberId(), to, lane, self.version(), logs.own(), logs.of(to));
    }

    void write(ByteBuf out) {
        out.writeInt(MAGIC).writeShort(protocol);
        out.writeLong(clusterId).writeLong(from).writeLong(to).writeByte(lane.number());
        MessageCodec.writeBytes(version.getBytes(StandardCharsets.UTF_8), out);
        out.writeLong(incarnation).writeLong(recipient);
    }

    /** @throws MalformedFrameException if it is no greeting */
    static Hello read(ByteBuf in) {
        try {
            if (in.readInt() != MAGIC) {
                throw new MalformedFrameException("no greeting of a member");
            }
            int protocol = in.readUnsignedShort();
            long cluster = in.readLong();
            long from = in.readLong();
            long to = in.readLong();
            int number = in.readUnsignedByte();
            Lane lane = LANES.find(number);
            if (lane == null) {
                throw new MalformedFrameException("unknown lane " + number);
            }
            String version = new String(MessageCodec.readBytes(in), StandardCharsets.UTF_8);
            boolean other = protocol != PROTOCOL; // it is refused; what else it says may be laid out otherwise
            return new Hello(
                    protocol, cluster, from, to, lane, version, other ? 0 : in.readLong(), other ? 0 : in.readLong());
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedFrameException("a greeting that ends too early");
        }
    }
}
