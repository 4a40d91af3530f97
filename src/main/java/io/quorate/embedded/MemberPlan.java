package io.quorate.embedded;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a member starts with, each time.
 *
 * @param name unique in its cluster
 * @param clientPort on loopback
 * @param peerPort on loopback
 * @param directory for all that it writes
 */
record MemberPlan(String name, int clientPort, int peerPort, Path directory) {

    private static final String HOST = "http://127.0.0.1:";

    URI endpoint() {
        return URI.create(HOST + clientPort);
    }

    /** Its part of the setting that names all members. */
    String peer() {
        return name + "=" + HOST + peerPort;
    }

    /**
     * The settings, by full name.
     *
     * @param peers of all members
     * @param chosen by the user
     */
    Map<String, String> settings(String peers, Map<String, String> chosen) {
        Map<String, String> settings = new TreeMap<>();
        // Nothing of a test outlives the machine, and an fsync is most of what a put takes.
        settings.put("quorate.unsafe-no-fsync", "true");
        // It needs Tomcat, which sets system properties.
        settings.put("quorate.rest.enabled", "false");
        settings.putAll(chosen);
        settings.put("quorate.name", name);
        settings.put("quorate.data-dir", directory.toString());
        settings.put("quorate.listen-client-urls", endpoint().toString());
        settings.put("quorate.advertise-client-urls", endpoint().toString());
        settings.put("quorate.listen-peer-urls", HOST + peerPort);
        settings.put("quorate.initial-advertise-peer-urls", HOST + peerPort);
        settings.put("quorate.initial-cluster", peers);
        settings.put("quorate.initial-cluster-state", "new");
        settings.put("management.metrics.use-global-registry", "false");
        // Its own would lie among temporary files, and stay there.
        settings.put(
                "server.tomcat.basedir",
                directory.resolveSibling(name + "-tomcat").toString());
        return settings;
    }
}
