package io.quorate.base;

/**
 * How deeply messages may be nested, in levels of protobuf. Transactions in transactions are the only ones that clients nest, at
 * two levels each; the default of protobuf, 100, is reached by 49 of them, while etcd takes as many as {@code --max-txn-ops}
 * allows.
 *
 * <p>What is accepted at the edge gets an envelope on its way into the log, so the log's limit is higher: what a member lets in,
 * every member can read. Both are low enough for the stack of any thread.
 */
public final class MessageDepth {

    /** For requests of clients: 249 nested transactions. */
    public static final int REQUEST_MAX = 500;

    /** For entries of the log. */
    public static final int ENTRY_MAX = REQUEST_MAX + 10;

    private MessageDepth() {}
}
