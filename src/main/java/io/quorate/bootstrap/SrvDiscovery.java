package io.quorate.bootstrap;

import io.quorate.config.BadSettingException;
import io.quorate.config.InitialCluster;
import io.quorate.config.MemberUrl;
import io.quorate.config.PeerUrls;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import lombok.RequiredArgsConstructor;

/**
 * Finds the members of a new cluster by the SRV records of a domain, as etcd does: {@code _etcd-server-ssl._tcp} for members
 * with TLS and {@code _etcd-server._tcp} for those without, a name for the service appended with a hyphen. Records have no
 * names of members; these are numbered until each tells its own.
 */
@RequiredArgsConstructor
public final class SrvDiscovery {

    static final String PROPERTY = "quorate.discovery-srv";

    /** The name servers that the machine asks. */
    public static final String OF_THE_MACHINE = "dns:";

    private static final Map<String, MemberUrl.Scheme> SERVICES =
            Map.of("_etcd-server-ssl", MemberUrl.Scheme.HTTPS, "_etcd-server", MemberUrl.Scheme.HTTP);

    /** The name servers, as {@code dns://host:port}. */
    private final String servers;

    /**
     * Asks for the members.
     *
     * @param ownName goes to the record that this member advertises
     * @throws BadSettingException if there are no records, or none is this member's
     */
    public InitialCluster members(String domain, String serviceName, String ownName, List<MemberUrl> ownUrls) {
        List<MemberUrl> found = new ArrayList<>();
        SERVICES.entrySet().stream()
                .sorted(Map.Entry.<String, MemberUrl.Scheme>comparingByKey().reversed())
                .forEach(service ->
                        found.addAll(lookUp(service.getKey() + suffix(serviceName), service.getValue(), domain)));
        if (found.isEmpty()) {
            throw new BadSettingException(PROPERTY, domain, "has no SRV record of a member");
        }
        SequencedMap<String, List<MemberUrl>> members = new LinkedHashMap<>();
        int number = 0;
        for (MemberUrl url : found) {
            String name = ownUrls.stream().anyMatch(own -> isSame(own, url)) ? ownName : Integer.toString(number++);
            members.computeIfAbsent(name, unused -> new ArrayList<>()).add(url);
        }
        if (!members.containsKey(ownName)) {
            throw new BadSettingException(PROPERTY, domain, "has no SRV record of this member, " + ownUrls);
        }
        return new InitialCluster(members);
    }

    private static String suffix(String serviceName) {
        return serviceName.isEmpty() ? "" : "-" + serviceName;
    }

    @SuppressWarnings("BanJNDI") // the provider for DNS makes text of records, never objects
    private List<MemberUrl> lookUp(String service, MemberUrl.Scheme scheme, String domain) {
        String name = service + "._tcp." + domain;
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, servers);
        List<MemberUrl> urls = new ArrayList<>();
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                Attribute records =
                        context.getAttributes(name, new String[] {"SRV"}).get("SRV");
                NamingEnumeration<?> each = records == null ? null : records.getAll();
                while (each != null && each.hasMore()) {
                    urls.add(url(scheme, String.valueOf(each.next())));
                }
            } finally {
                context.close();
            }
        } catch (NameNotFoundException none) {
            return List.of(); // the other service may have them
        } catch (NamingException e) {
            throw new BadSettingException(PROPERTY, domain, "cannot be looked up: " + name + ": " + e.getMessage());
        }
        urls.sort((one, other) -> one.toString().compareTo(other.toString()));
        return urls;
    }

    /** A record: priority, weight, port and target. */
    private static MemberUrl url(MemberUrl.Scheme scheme, String record) {
        String[] fields = record.split(" ");
        String target = fields[3].endsWith(".") ? fields[3].substring(0, fields[3].length() - 1) : fields[3];
        return new MemberUrl(scheme, target, Integer.parseInt(fields[2]));
    }

    private static boolean isSame(MemberUrl own, MemberUrl found) {
        return own.port() == found.port() && PeerUrls.haveCommonAddress(own.host(), found.host());
    }
}
