package io.quorate.wiring;

import io.quorate.config.ClientSettings;
import io.quorate.config.ClusterSettings;
import io.quorate.config.MemberUrl;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names by which operators may call this member, besides those that nobody can take: what it is told to be called. */
record OperatorHosts(Set<String> names) {

    static OperatorHosts of(ClientSettings client, ClusterSettings cluster) {
        Stream<MemberUrl> urls =
                Stream.concat(client.advertiseClientUrls().stream(), cluster.initialAdvertisePeerUrls().stream());
        return new OperatorHosts(Stream.concat(urls.map(MemberUrl::host), client.hostWhitelist().stream())
                .filter(name -> !name.equals("*"))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet()));
    }
}
