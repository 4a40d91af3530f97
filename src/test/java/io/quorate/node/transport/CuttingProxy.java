package io.quorate.node.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands before a listener, and cuts the first few connections that carry very much. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final long cutAfterBytes;
    private final AtomicInteger cuts;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<AtomicLong> carried = new CopyOnWriteArrayList<>();

    /**
     * @param cuts how many connections are cut, each after so many bytes towards the listener
     */
    CuttingProxy(int target, int cuts, long cutAfterBytes) throws IOException {
        this.target = target;
        this.cuts = new AtomicInteger(cuts);
        this.cutAfterBytes = cutAfterBytes;
        Thread.ofVirtual().start(this::accept);
    }

    PeerAddress address() {
        return new PeerAddress("127.0.0.1", listener.getLocalPort(), false);
    }

    /** Bytes towards the listener over connections that carried more than so many, the oldest connection first. */
    List<Long> carriedMoreThan(long bytes) {
        return carried.stream()
                .map(AtomicLong::get)
                .filter(each -> each > bytes)
                .toList();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = listener.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(from, to));
                AtomicLong count = new AtomicLong();
                carried.add(count);
                Thread.ofVirtual().start(() -> copy(from, to, count, cutAfterBytes));
                Thread.ofVirtual().start(() -> copy(to, from, new AtomicLong(), Long.MAX_VALUE));
            }
        } catch (IOException e) {
            close(); // the test is over
        }
    }

    private void copy(Socket from, Socket to, AtomicLong count, long limit) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                if (count.addAndGet(read) > limit && cuts.getAndDecrement() > 0) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // one end is gone, and the other now, too
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError("closing a socket failed", e);
        }
    }
}
