package io.quorate.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may use whom, below one root package. A row covers its package and all below it that have no row of their own; a
 * package may always use itself. Outside the table, a package may be used by nobody and use nothing.
 */
final class PackageTable {

    private final String root;
    private final Map<String, Set<String>> rows = new LinkedHashMap<>();

    PackageTable(String root) {
        this.root = root;
    }

    /** The same table below another root. */
    PackageTable under(String otherRoot) {
        PackageTable table = new PackageTable(otherRoot);
        table.rows.putAll(rows);
        return table;
    }

    /** Adds a row; the allowed packages are separated by spaces. */
    PackageTable row(String name, String allowed) {
        rows.put(name, allowed.isBlank() ? Set.of() : Set.of(allowed.trim().split(" +")));
        return this;
    }

    /** Adds the row of a package that may use all packages written so far. */
    PackageTable rowForAll(String name) {
        rows.put(name, Set.copyOf(rows.keySet()));
        return this;
    }

    Set<String> names() {
        return rows.keySet();
    }

    Set<String> allowedFor(String name) {
        return rows.getOrDefault(name, Set.of());
    }

    /** The row that covers a package, by the longest name; the package itself if there is none. */
    String rowOf(String packageName) {
        String inner = packageName.equals(root) ? "" : packageName.substring(root.length() + 1);
        for (String name = inner; !name.isEmpty(); name = parent(name)) {
            if (rows.containsKey(name)) {
                return name;
            }
        }
        return inner.isEmpty() ? "." : inner;
    }

    /** The rows that can be reached from a row, which contain the row itself only if the table has a cycle. */
    Set<String> reachableFrom(String name) {
        Set<String> reached = new HashSet<>();
        List<String> open = List.copyOf(allowedFor(name));
        while (!open.isEmpty()) {
            open = open.stream()
                    .filter(reached::add)
                    .flatMap(next -> allowedFor(next).stream())
                    .toList();
        }
        return reached;
    }

    ArchCondition<JavaClass> isObeyed() {
        return new ArchCondition<>("use only what the table of packages allows") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                String from = rowOf(user.getPackageName());
                if (!rows.containsKey(from)) {
                    events.add(SimpleConditionEvent.violated(user, "'" + from + "' has no row in the table"));
                    return;
                }
                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                    String used =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    boolean inside = used.equals(root) || used.startsWith(root + ".");
                    if (inside && !isAllowed(from, rowOf(used))) {
                        events.add(SimpleConditionEvent.violated(
                                dependency,
                                "'" + from + "' may not use '" + rowOf(used) + "': " + dependency.getDescription()));
                    }
                }
            }
        };
    }

    private boolean isAllowed(String from, String to) {
        return from.equals(to) || allowedFor(from).contains(to);
    }

    private static String parent(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }
}
