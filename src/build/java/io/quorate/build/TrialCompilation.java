package io.quorate.build;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Sources compiled into a directory of their own, against the class files that there are, to see what becomes of them. */
final class TrialCompilation implements AutoCloseable {

    private final Path directory;
    private final boolean successful;

    /** Compiles with the libraries of this program's class path. */
    TrialCompilation(List<Path> sources) throws IOException {
        directory = Files.createTempDirectory("trial");
        successful = compile(sources);
    }

    /** Whether there were no errors; those that there are, the real compilation will tell. */
    boolean isSuccessful() {
        return successful;
    }

    private boolean compile(List<Path> sources) throws IOException {
        String libraries = System.getProperty("java.class.path");
        String lombok = Stream.of(libraries.split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith("lombok-"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> options = List.of(
                "-nowarn",
                "-parameters",
                "-Xpkginfo:always",
                "-implicit:none",
                "-g",
                "-cp",
                String.join(File.pathSeparator, "target/classes", "target/test-classes", libraries),
                "-processorpath",
                lombok,
                "-d",
                directory.toString());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            DiagnosticCollector<JavaFileObject> untold = new DiagnosticCollector<>();
            return compiler.getTask(null, files, untold, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
    }

    /** Class files of an outermost class, by the names of their classes. */
    Map<String, Path> classFiles(String outermost) throws IOException {
        Map<String, Path> files = new HashMap<>();
        for (Path file : StaleClasses.filesBelow(directory, ".class")) {
            String name = StaleClasses.nameOf(directory.relativize(file), ".class");
            if (name.equals(outermost) || name.startsWith(outermost + "$")) {
                files.put(name, file);
            }
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
