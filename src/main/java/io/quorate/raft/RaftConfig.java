package io.quorate.raft;
import java.util.function.IntUnaryOperator;
import lombok.Builder;
@Builder(toBuilder = true)
public record RaftConfig(long id, int electionTicks, int heartbeatTicks, long maxSizePerMsg, long maxCommittedSizePerReady, long maxUncommittedSize, int maxInflightMsgs, long maxInflightBytes, boolean checkQuorum, boolean preVote, long applied, boolean asyncStorageWrites, IntUnaryOperator random) {}
