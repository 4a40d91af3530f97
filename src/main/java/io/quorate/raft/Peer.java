package io.quorate.raft;
public record Peer(long id, byte[] context) {}
