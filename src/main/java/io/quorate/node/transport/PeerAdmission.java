package io.quorate.node.transport;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How many connections the peer port holds, so that strangers cannot keep members out. A connection without a greeting is cheap to
 * be: there are few such places, and where they are taken the oldest gives way, from the same address first; a true member
 * greets at once and so is never among the oldest. A greeted peer knew cluster and member: there are more places, a part
 * of them for one address. Where the process may open few files there are fewer places of each kind. All on the event loop.
 */
final class PeerAdmission {

    static final int UNGREETED_MAX = 256;
    static final int UNGREETED_OF_ADDRESS_MAX = 64;

    /** A cluster needs four for each member, twice as many while members dial anew. */
    static final int GREETED_MAX = 1024;

    static final int GREETED_OF_ADDRESS_MAX = 256;

    private final int ungreetedMax;
    private final int ungreetedOfAddressMax;
    private final int greetedMax;
    private final int greetedOfAddressMax;

    /** In the order of their arrival. */
    private final Map<Channel, Object> ungreeted = new LinkedHashMap<>();

    private final Map<Channel, Object> greeted = new HashMap<>();

    /** @param connectionsMax how many connections the process can spare for the port */
    PeerAdmission(int connectionsMax) {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("'connectionsMax' must be positive: " + connectionsMax);
        }
        int quarter = Math.max(1, connectionsMax / 4);
        ungreetedMax = Math.min(UNGREETED_MAX, quarter);
        ungreetedOfAddressMax = Math.min(UNGREETED_OF_ADDRESS_MAX, Math.max(1, ungreetedMax / 2));
        greetedMax = Math.min(GREETED_MAX, Math.max(1, connectionsMax - quarter));
        greetedOfAddressMax = Math.min(GREETED_OF_ADDRESS_MAX, Math.max(1, greetedMax / 2));
    }

    /**
     * A connection has come.
     *
     * @return those that have to give way to it, already forgotten here
     */
    List<Channel> arrived(Channel channel) {
        Object address = address(channel);
        List<Channel> leaving = new ArrayList<>();
        if (count(ungreeted, address) >= ungreetedOfAddressMax) {
            leaving.add(oldest(address));
        } else if (ungreeted.size() >= ungreetedMax) {
            leaving.add(ungreeted.keySet().iterator().next());
        }
        leaving.forEach(ungreeted::remove);
        ungreeted.put(channel, address);
        return leaving;
    }

    /** A connection was greeted; false if there is no room for it. */
    boolean greeted(Channel channel) {
        Object address = ungreeted.remove(channel);
        boolean room = address != null && greeted.size() < greetedMax && count(greeted, address) < greetedOfAddressMax;
        if (room) {
            greeted.put(channel, address);
        }
        return room;
    }

    /** A connection has ended. */
    void gone(Channel channel) {
        ungreeted.remove(channel);
        greeted.remove(channel);
    }

    private Channel oldest(Object address) {
        return ungreeted.entrySet().stream()
                .filter(entry -> entry.getValue().equals(address))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private static int count(Map<Channel, Object> connections, Object address) {
        return Math.toIntExact(
                connections.values().stream().filter(address::equals).count());
    }

    /** All socket files are one, and so are connections that have gone already. */
    private static Object address(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        return remote instanceof InetSocketAddress internet
                ? Objects.requireNonNullElse(internet.getAddress(), internet.getHostString())
                : "local";
    }
}
