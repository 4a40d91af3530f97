package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * One HTTP request and its answer, over HTTP/1.1 or as a stream of HTTP/2.
 *
 * <p>All methods are for the thread of {@link #eventLoop()} only, except {@link #isWritable()}. Buffers handed in are
 * released by the exchange. Once it is finished or aborted, further output is dropped.
 */
public interface HttpExchange {

    /** Method in upper case. */
    String method();

    /** Path as sent, without the query. */
    String path();

    /** Query as sent, without the question mark; empty when there is none. */
    String query();

    /** Header fields of the request; {@code Host} is filled from {@code :authority} on HTTP/2. */
    HttpHeaders headers();

    /** The client. */
    RemoteClient peer();

    /** The one thread this exchange lives on. */
    EventLoop eventLoop();

    /** Starts the delivery of the request's body; without it the body is thrown away. */
    void receive(Body body);

    /** Asks the client to hold back the rest of the body, or to go on. */
    void holdBody(boolean hold);

    /** Header fields that the answer, whatever it will be, has in addition. */
    void addToAnswer(HttpHeaders headers);

    /** The whole answer at once. */
    void respond(int status, HttpHeaders headers, ByteBuf content);

    /** Begins an answer whose content follows with {@link #write}. */
    void begin(int status, HttpHeaders headers);

    /** Sends a piece of content at once. */
    void write(ByteBuf content);

    /** Ends a begun answer. */
    void end();

    /** Gives up: the client sees the connection or stream break off. */
    void abort();

    /** Whether little enough output is waiting that more should be produced. Any thread. */
    boolean isWritable();

    /** Registers what to run whenever {@link #isWritable()} becomes true again. */
    void onWritable(Runnable action);

    /** Registers what to run when the client goes away before the answer is complete. */
    void onAborted(Runnable action);

    /** Registers what to run once the answer has left, or its client is gone. */
    void onFinished(Runnable action);

    /** Receives a request's body. */
    interface Body {

        /** A piece of it; the buffer is valid only during the call. */
        void data(ByteBuf piece);

        /** The body is complete. */
        void end();

        /** Whether what came so far could be all: then the client may be silent for as long as it likes. */
        default boolean isBetweenRequests() {
            return false;
        }
    }
}
