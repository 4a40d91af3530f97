package io.quorate.raft;
public record Status(long id, long term, long vote, long commit, long applied, Role role, long leader) {}
