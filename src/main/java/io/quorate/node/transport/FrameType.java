package io.quorate.node.transport;

/** What a frame holds; the ordinals are the numbers on the wire. */
enum FrameType {
    /** First frame of the dialling member: a {@link Hello}. */
    HELLO,
    /** The greeting was accepted; the body is the version of the other side. */
    WELCOME,
    /** It was not: a {@link Refusal} and a text. The connection ends. */
    REFUSED,
    /** Messages of consensus, one behind the other. */
    MESSAGES,
    /** Eight bytes that come back unchanged. */
    PING,
    /** What a ping held. */
    PONG,
    /** Number, method and payload of a call. */
    REQUEST,
    /** Number, outcome and payload of its answer. */
    RESPONSE,
    /** A snapshot begins or goes on: the number of the copy, and the message that announces it. */
    SNAPSHOT_BEGIN,
    /** A file of the snapshot begins: its name and size. */
    FILE_BEGIN,
    /** The next bytes of the file. */
    FILE_BYTES,
    /** The file is complete: the CRC-32C of all its bytes. */
    FILE_END,
    /** The snapshot is complete: the number of files. */
    SNAPSHOT_END,
    /** The snapshot is durable on the other side and handed to its node. */
    SNAPSHOT_DONE,
    /** The answer to the beginning: the names of the files of that copy that came over a connection before. */
    SNAPSHOT_HAVE
}
