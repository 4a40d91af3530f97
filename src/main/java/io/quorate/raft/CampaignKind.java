package io.quorate.raft;

/** Why a member campaigns. */
enum CampaignKind {
    /** To find out whether a campaign would succeed (thesis, section 9.6). */
    PRE_ELECTION,
    /** To be elected. */
    ELECTION,
    /** To be elected, on the leader's own wish, so that nobody needs to protect that leader (thesis, section 3.10). */
    TRANSFER
}
