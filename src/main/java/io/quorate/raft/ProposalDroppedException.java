package io.quorate.raft;
public final class ProposalDroppedException extends RuntimeException { public ProposalDroppedException() { super("raft proposal dropped"); } }
