package io.quorate.raft.confchange;
public record ConfChange(long nodeId, byte[] context) {}
