package io.quorate.integration.fault;

import io.quorate.fixture.SystemCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bridge, and network namespaces that hang on it, each with one address. The namespace of the test has an address on
 * the bridge too. Packets from one namespace to another can be dropped, each way for itself.
 */
final class Namespaces implements AutoCloseable {

    private static final String PREFIX = "qf";
    private static final Pattern OWNED = Pattern.compile("\\b" + PREFIX + "(\\d+)(?:-\\d+|v\\d+|br)\\b");
    private static final int SUBNETS = 256;
    private static final int FIRST_HOST = 10;

    private final long owner = ProcessHandle.current().pid();
    private final List<String> names = new ArrayList<>();
    private final String subnet;

    /** @param count how many namespaces besides the one of the test */
    Namespaces(int count) {
        removeLeftovers();
        subnet = freeSubnet(owner);
        try {
            addBridge();
            for (int number = 0; number < count; number++) {
                names.add(PREFIX + owner + "-" + number);
                add(number);
            }
        } catch (RuntimeException failed) {
            close(); // half of it is there
            throw failed;
        }
    }

    /** Why there can be no namespaces here; empty if there can. */
    static Optional<String> obstacle() {
        String probe = PREFIX + ProcessHandle.current().pid() + "-0";
        SystemCommand added = SystemCommand.attempt(List.of("ip", "netns", "add", probe));
        if (added.exitCode() != 0) {
            return Optional.of("no network namespaces: " + added.output());
        }
        SystemCommand filter =
                SystemCommand.attempt(List.of("ip", "netns", "exec", probe, "iptables", "-w", "-S", "INPUT"));
        SystemCommand.run("ip", "netns", "delete", probe);
        return filter.exitCode() == 0
                ? Optional.empty()
                : Optional.of("no packet filter in network namespaces: " + filter.output());
    }

    private static String freeSubnet(long start) {
        for (int attempt = 0; attempt < SUBNETS; attempt++) {
            String candidate = "10.213." + (start + attempt) % SUBNETS + ".";
            if (SystemCommand.run("ip", "-4", "route", "show", "to", "root", candidate + "0/24")
                    .isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalStateException("no free subnet below 10.213.0.0/16");
    }

    private String bridge() {
        return PREFIX + owner + "br";
    }

    private void addBridge() {
        SystemCommand.run("ip", "link", "add", bridge(), "type", "bridge");
        SystemCommand.run("ip", "address", "add", subnet + "1/24", "dev", bridge());
        SystemCommand.run("ip", "link", "set", bridge(), "up");
    }

    private void add(int number) {
        String name = names.get(number);
        String outside = PREFIX + owner + "v" + number;
        SystemCommand.run("ip", "netns", "add", name);
        SystemCommand.run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
        SystemCommand.run("ip", "link", "set", outside, "master", bridge(), "up");
        SystemCommand.run("ip", "-n", name, "address", "add", address(number) + "/24", "dev", "eth0");
        SystemCommand.run("ip", "-n", name, "link", "set", "eth0", "up");
        SystemCommand.run("ip", "-n", name, "link", "set", "lo", "up");
    }

    /** The address of a namespace. */
    String address(int number) {
        return subnet + (FIRST_HOST + number);
    }

    /**
     * What stands before a command that is to run in a namespace; it becomes that command. It has shared memory of its
     * own too, which goes when it is killed.
     */
    List<String> enter(int number) {
        List<String> words = new ArrayList<>(inside(number));
        words.addAll(List.of("sh", "-c", "mount -t tmpfs -o size=16m none /dev/shm && exec \"$@\"", "sh"));
        return words;
    }

    private List<String> inside(int number) {
        return List.of("ip", "netns", "exec", names.get(number));
    }

    /** Packets from one namespace no longer arrive in another; the other way is as before. */
    void drop(int from, int to) {
        filter(to, "-A", "INPUT", "-s", address(from), "-j", "DROP");
    }

    /** All packets arrive again. */
    void healAll() {
        for (int number = 0; number < names.size(); number++) {
            filter(number, "-F", "INPUT");
        }
    }

    private void filter(int number, String... rule) {
        SystemCommand.run(Stream.of(inside(number), List.of("iptables", "-w"), List.of(rule))
                .flatMap(List::stream)
                .toList());
    }

    /** Removes all that carries the id of this process; who runs in there loses the network. */
    @Override
    public void close() {
        remove(owner);
    }

    /** Removes what runs left behind that no longer are. */
    private static void removeLeftovers() {
        owners().filter(pid -> ProcessHandle.of(pid).isEmpty()).forEach(Namespaces::remove);
    }

    private static void remove(long pid) {
        for (String name : matches(SystemCommand.run("ip", "netns", "list"), pid)) {
            for (String process :
                    SystemCommand.run("ip", "netns", "pids", name).lines().toList()) {
                SystemCommand.attempt(List.of("kill", "-KILL", process)); // may have ended just now
            }
            SystemCommand.run("ip", "netns", "delete", name);
        }
        for (String link : matches(SystemCommand.run("ip", "-brief", "link", "show"), pid)) {
            // The other end of a link in a namespace goes when that is gone, which the kernel does a little later.
            SystemCommand.attempt(List.of("ip", "link", "delete", link));
        }
    }

    private static List<String> matches(String text, long pid) {
        return OWNED.matcher(text)
                .results()
                .filter(found -> Long.parseLong(found.group(1)) == pid)
                .map(found -> found.group())
                .distinct()
                .toList();
    }

    private static Stream<Long> owners() {
        Matcher names = OWNED.matcher(
                SystemCommand.run("ip", "netns", "list") + "\n" + SystemCommand.run("ip", "-brief", "link", "show"));
        return names.results().map(found -> Long.parseLong(found.group(1))).distinct();
    }
}
