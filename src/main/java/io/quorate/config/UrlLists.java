package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.util.List;
import java.util.stream.Collectors;

/** The rules that lists of URLs obey wherever they are configured. */
final class UrlLists {

    private UrlLists() {}

    static void checkBindable(String property, List<MemberUrl> urls) {
        check(!urls.isEmpty(), property, "''", "at least one URL is needed");
        for (MemberUrl url : urls) {
            check(url.isBindable(), property, url, "the host of a listener must be an IP address or localhost");
        }
    }

    static void checkReachable(String property, List<MemberUrl> urls) {
        check(!urls.isEmpty(), property, "''", "at least one URL is needed");
        for (MemberUrl url : urls) {
            check(url.isReachable(), property, url, "the host is missing");
        }
    }

    static String show(List<MemberUrl> urls) {
        return urls.stream().map(MemberUrl::toString).collect(Collectors.joining(","));
    }
}
