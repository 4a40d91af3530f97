package io.quorate.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Which packages of ours may use which libraries. Of several lines that fit, the one with the longest prefix counts. */
final class LibraryTable {

    private record Line(String library, Set<String> users, String because) {

        boolean covers(String packageName) {
            return packageName.equals(library) || packageName.startsWith(library + ".");
        }
    }

    private final PackageTable packages;
    private final List<Line> lines = new ArrayList<>();

    LibraryTable(PackageTable packages) {
        this.packages = packages;
    }

    /** The same table over another root. */
    LibraryTable over(PackageTable others) {
        LibraryTable table = new LibraryTable(others);
        table.lines.addAll(lines);
        return table;
    }

    /** Adds a line; the users are rows of the table of packages, separated by spaces. */
    LibraryTable line(String library, String users, String because) {
        lines.add(new Line(library, Set.of(users.trim().split(" +")), because));
        lines.sort(Comparator.comparingInt(line -> -line.library.length()));
        return this;
    }

    ArchCondition<JavaClass> isObeyed() {
        return new ArchCondition<>("use only the libraries allowed for their package") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                String from = packages.rowOf(user.getPackageName());
                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                    String used =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    lines.stream()
                            .filter(line -> line.covers(used))
                            .findFirst()
                            .filter(line -> !line.users.contains(from))
                            .ifPresent(line -> events.add(SimpleConditionEvent.violated(
                                    dependency,
                                    "'" + from + "' may not use " + line.library + " because " + line.because + ": "
                                            + dependency.getDescription())));
                }
            }
        };
    }
}
