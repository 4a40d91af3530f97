package io.quorate.api.web;

import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.LeaderResponse;

/** What the leaders of an election proclaim, as events. */
final class ObserveFeed extends Feed<LeaderRequest, LeaderResponse> {

    private static final int NOT_FOUND = 404;

    ObserveFeed(Services services, RestRequest request, LeaderRequest election, Runnable finished) {
        super(services, request, ElectionGrpc.getObserveMethod(), election, finished);
    }

    /** Asks once, for the sake of a refusal: an election without a leader has no first answer. */
    static void requireAllowed(RestRequest request, LeaderRequest election) {
        try {
            request.call(ElectionGrpc.getLeaderMethod(), election);
        } catch (Problem problem) {
            if (problem.status() != NOT_FOUND) {
                throw problem;
            }
        }
    }

    @Override
    void check(LeaderResponse answer) {
        // it is no refusal
    }

    @Override
    void tell(LeaderResponse answer) {
        KeyView leader = KeyView.of(answer.getKv());
        send("leader", leader.modRevision(), leader);
    }
}
