package io.quorate.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.List;

/**
 * Whether a client connects from an address that its certificate names, by the rule of etcd's peer port: a certificate
 * without addresses and DNS names may come from anywhere; else one of its addresses, or an address of one of its names,
 * must be the one that connects. May wait for the name service.
 */
final class AddressRule {

    /** The name service. */
    interface Names {

        /** All addresses of a name. */
        List<InetAddress> addresses(String name) throws UnknownHostException;

        /** The name of an address; the address as text if it has none. */
        String name(InetAddress address);
    }

    /** That of the platform. */
    static final Names PLATFORM = new Names() {
        @Override
        public List<InetAddress> addresses(String name) throws UnknownHostException {
            return List.of(InetAddress.getAllByName(name));
        }

        @Override
        public String name(InetAddress address) {
            return address.getCanonicalHostName();
        }
    };

    private final Names service;

    AddressRule(Names service) {
        this.service = service;
    }

    /** @param remote address of the other side, as text; empty if it is on this machine, at a socket file */
    void check(SubjectNames subject, String remote) throws CertificateException {
        if (remote.isEmpty()) {
            return;
        }
        if (subject.addresses().isEmpty() && subject.dns().isEmpty()) {
            return;
        }
        byte[] from = NetUtil.createByteArrayFromIpAddressString(remote);
        if (from == null) {
            throw new CertificateException("'" + remote + "' is not an address");
        }
        if (subject.addresses().stream().noneMatch(each -> isSame(each, from))
                && subject.dns().stream().noneMatch(each -> leadsTo(each, from))) {
            throw new CertificateException(
                    remote + " is none of the hosts of its certificate: " + subject.addresses() + " " + subject.dns());
        }
    }

    private static boolean isSame(String address, byte[] from) {
        return Arrays.equals(NetUtil.createByteArrayFromIpAddressString(address), from);
    }

    private boolean leadsTo(String name, byte[] from) {
        try {
            if (name.startsWith("*.")) {
                return SubjectNames.covers(name, service.name(InetAddress.getByAddress(from)));
            }
            return service.addresses(name).stream().anyMatch(each -> Arrays.equals(each.getAddress(), from));
        } catch (UnknownHostException e) {
            return false; // a name that leads nowhere does not lead here
        }
    }
}
