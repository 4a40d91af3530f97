package io.quorate.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The names in a certificate.
 *
 * @param common the common names of its subject; mostly one
 * @param dns its DNS names, with or without a {@code *} as the first label
 * @param addresses its IP addresses, as text
 */
record SubjectNames(List<String> common, List<String> dns, List<String> addresses) {

    private static final int TYPE_DNS = 2;
    private static final int TYPE_ADDRESS = 7;

    static SubjectNames of(X509Certificate certificate) throws CertificateParsingException {
        List<String> dns = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
            switch ((Integer) alternative.getFirst()) {
                case TYPE_DNS -> dns.add((String) alternative.get(1));
                case TYPE_ADDRESS -> addresses.add((String) alternative.get(1));
                default -> {
                    // mail addresses, URIs and the like say nothing about hosts
                }
            }
        }
        return new SubjectNames(commonNames(certificate), dns, addresses);
    }

    private static List<String> commonNames(X509Certificate certificate) throws CertificateParsingException {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .toList();
        } catch (InvalidNameException e) {
            throw new CertificateParsingException("the subject cannot be read", e);
        }
    }

    /** Whether one of the DNS names covers a host; a star covers exactly one label. */
    boolean covers(String host) {
        return dns.stream().anyMatch(name -> covers(name, host));
    }

    static boolean covers(String name, String host) {
        String pattern = name.toLowerCase(Locale.ROOT);
        String subject = withoutLastDot(host.toLowerCase(Locale.ROOT));
        if (!pattern.startsWith("*.")) {
            return withoutLastDot(pattern).equals(subject);
        }
        int dot = subject.indexOf('.');
        return dot > 0 && subject.substring(dot).equals(withoutLastDot(pattern.substring(1)));
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
