package io.quorate.api.port;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.quorate.api.port.ListenAddress.Protocols;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets that one server of the client port opens: one for each place, which serves all addresses that are there, in
 * clear text, with TLS, or both. The server asks for a channel before it binds it, in the order of {@link #places()}; that
 * is how each gets the kind of its place and how a connection finds its own.
 */
final class ListenSockets implements ChannelFactory<ServerChannel> {

    /**
     * A place with the addresses that are served there; they differ in {@link ListenAddress#secure()} only.
     *
     * @param addresses one or two
     */
    record Place(List<ListenAddress> addresses) {

        ListenAddress first() {
            return addresses.getFirst();
        }

        Protocols protocols() {
            return first().protocols();
        }

        /** Whether connections may start with TLS. */
        boolean takesTls() {
            return addresses.stream().anyMatch(ListenAddress::secure);
        }

        /** Whether connections may be in clear text. */
        boolean takesClearText() {
            return !addresses.stream().allMatch(ListenAddress::secure);
        }
    }

    private final EventLoops loops;
    private final List<Place> places;

    @GuardedBy("this")
    private final List<ServerChannel> made = new ArrayList<>();

    private final Map<Channel, Place> byChannel = new ConcurrentHashMap<>();

    ListenSockets(EventLoops loops, List<ListenAddress> listen) {
        this.loops = loops;
        this.places = places(listen);
    }

    private static List<Place> places(List<ListenAddress> listen) {
        List<List<ListenAddress>> groups = new ArrayList<>();
        for (ListenAddress address : listen) {
            groups.stream()
                    .filter(group -> group.getFirst().sharesSocketWith(address))
                    .findFirst()
                    .ifPresentOrElse(group -> group.add(address), () -> groups.add(new ArrayList<>(List.of(address))));
        }
        return groups.stream().map(group -> new Place(List.copyOf(group))).toList();
    }

    List<Place> places() {
        return places;
    }

    @Override
    public synchronized ServerChannel newChannel() {
        Place place = places.get(made.size());
        ServerChannel channel = loops.newServerChannel(place.first().socketFile());
        made.add(channel);
        byChannel.put(channel, place);
        return channel;
    }

    /** Where a connection came in. */
    Place of(Channel connection) {
        Place place = byChannel.get(connection.parent());
        if (place == null) {
            throw new IllegalStateException("a connection of a socket that is not known: " + connection);
        }
        return place;
    }

    /** All addresses in the given order, with ports that the system chose in place of 0. */
    synchronized List<ListenAddress> bound(List<ListenAddress> listen) {
        List<ListenAddress> all = new ArrayList<>();
        for (ListenAddress address : listen) {
            all.add(bound(address));
        }
        return all;
    }

    @GuardedBy("this")
    private ListenAddress bound(ListenAddress address) {
        for (int i = 0; i < made.size(); i++) {
            SocketAddress local = made.get(i).localAddress();
            boolean here = places.get(i).addresses().contains(address);
            if (here && local instanceof InetSocketAddress internet) {
                return address.withPort(internet.getPort());
            }
        }
        return address;
    }
}
