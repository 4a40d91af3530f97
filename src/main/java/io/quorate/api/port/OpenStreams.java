package io.quorate.api.port;
public final class OpenStreams { public interface Registration extends AutoCloseable { @Override void close(); } public Registration register(Runnable r) { return () -> {}; } }
