package io.quorate.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Compares peer URLs by where they lead, as etcd does: {@code http://m1:2380} is {@code http://10.0.0.1:2380} where m1 has that
 * address, and {@code http://[::1]:2380} is {@code http://[0:0:0:0:0:0:0:1]:2380}. Names are asked for only if the texts
 * differ. May wait for the name service.
 */
public final class PeerUrls {

    private PeerUrls() {}

    /** Whether two lists name the same places, in any order. */
    public static boolean leadToTheSame(List<MemberUrl> some, List<MemberUrl> others) {
        Set<MemberUrl> one = new HashSet<>(some);
        Set<MemberUrl> other = new HashSet<>(others);
        return one.equals(other) || (one.size() == other.size() && covers(one, other) && covers(other, one));
    }

    private static boolean covers(Set<MemberUrl> urls, Set<MemberUrl> others) {
        return others.stream().allMatch(wanted -> urls.stream().anyMatch(url -> leadsTo(url, wanted)));
    }

    /** Whether two URLs name the same place. */
    public static boolean leadsTo(MemberUrl one, MemberUrl other) {
        return one.equals(other)
                || (!one.scheme().isSocketFile()
                        && one.scheme() == other.scheme()
                        && one.port() == other.port()
                        && haveCommonAddress(one.host(), other.host()));
    }

    /** Whether two names, or addresses, are written alike or have an address in common. */
    public static boolean haveCommonAddress(String one, String other) {
        if (one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT))) {
            return true;
        }
        try {
            Set<InetAddress> addresses = new HashSet<>(Arrays.asList(InetAddress.getAllByName(one)));
            return Arrays.stream(InetAddress.getAllByName(other)).anyMatch(addresses::contains);
        } catch (UnknownHostException unresolved) {
            return false; // as far as can be told now
        }
    }
}
