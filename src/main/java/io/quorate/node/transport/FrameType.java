package io.quorate.node.transport;

import io.quorate.base.Numbered;

/** What a frame holds, with the numbers on the wire. */
enum FrameType implements Numbered {
    /** First frame of the dialling member: a {@link Hello}. */
    HELLO(0),
    /** The greeting was accepted; the body is the version of the other side. */
    WELCOME(1),
    /** It was not: a {@link Refusal} and a text. The connection ends. */
    REFUSED(2),
    /** Messages of consensus, one behind the other. */
    MESSAGES(3),
    /** Eight bytes that come back unchanged. */
    PING(4),
    /** What a ping held. */
    PONG(5),
    /** Number, method and payload of a call. */
    REQUEST(6),
    /** Number, outcome and payload of its answer. */
    RESPONSE(7),
    /** A snapshot begins or goes on: the number of the copy, and the message that announces it. */
    SNAPSHOT_BEGIN(8),
    /** A file of the snapshot begins: its name and size. */
    FILE_BEGIN(9),
    /** The next bytes of the file. */
    FILE_BYTES(10),
    /** The file is complete: the CRC-32C of all its bytes. */
    FILE_END(11),
    /** The snapshot is complete: the number of files. */
    SNAPSHOT_END(12),
    /** The snapshot is durable on the other side and handed to its node. */
    SNAPSHOT_DONE(13),
    /** The answer to the beginning: the names of the files of that copy that came over a connection before. */
    SNAPSHOT_HAVE(14);

    private final int number;

    FrameType(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
