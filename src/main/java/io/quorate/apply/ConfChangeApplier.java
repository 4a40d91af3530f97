package io.quorate.apply;

import io.quorate.base.Fault;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.proto.EmptyResponse;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.tracker.Configuration;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Applies membership changes: to the members as stored, and to the configuration that Raft counts with. A change that is
 * not possible changes neither, on no member, since all judge by the same members (docs/etcd-v3.md, section 2.12).
 *
 * <p>The configuration is computed here with the core's own pure functions and the core is told afterwards, so the
 * {@code apply} thread never waits for the {@code raft-node} thread; the node checks that both arrive at the same.
 */
public final class ConfChangeApplier {

    /** The limit is checked before a change is proposed; here members with different settings would disagree. */
    private static final int LEARNERS_UNLIMITED = Integer.MAX_VALUE;

    private final Membership membership;
    private final Listener listener;
    private final boolean replayHasEffect;
    private final List<CompletableFuture<Void>> unsettled = new ArrayList<>();
    private Configuration configuration;

    /** Follows applied changes: the node. */
    @FunctionalInterface
    public interface Listener {

        /** The change in the entry at the index took effect and leads to this configuration. */
        void applied(long index, ConfChange change, ConfState result);
    }

    /**
     * What came of a change.
     *
     * @param id the proposer's tag
     * @param outcome what it is told, once the core counts with the change
     */
    record Result(long id, Outcome outcome) {}

    /**
     * @param initial the configuration that the core starts with
     * @param replayHasEffect false if that is the one as of the consistent index, so that changes up to there are part of
     *     it; true if it is that of the snapshot
     */
    public ConfChangeApplier(Membership membership, Listener listener, ConfState initial, boolean replayHasEffect) {
        this.membership = membership;
        this.listener = listener;
        this.replayHasEffect = replayHasEffect;
        this.configuration = Configuration.of(initial);
    }

    /** The configuration after the last applied change. */
    ConfState confState() {
        return configuration.toConfState();
    }

    /** A snapshot brought another configuration; the core has it already. */
    public void restore(ConfState confState) {
        configuration = Configuration.of(confState);
    }

    /**
     * The changes applied since the last call; to be completed when the core has been told that their packet is applied,
     * because only then it takes up the next change.
     */
    public List<CompletableFuture<Void>> takeUnsettled() {
        List<CompletableFuture<Void>> taken = List.copyOf(unsettled);
        unsettled.clear();
        return taken;
    }

    /**
     * Applies one entry.
     *
     * @param isNew false when the database contains the change already, after a restart
     * @param set the write that the entry is part of
     */
    Result apply(Entry entry, boolean isNew, WriteSet set) {
        ConfChange change = ConfChangeCodec.decode(entry);
        RequestError refusal = isNew ? refusal(change) : null;
        boolean hasEffect = isNew ? refusal == null : replayHasEffect;
        ConfChange effective = hasEffect ? change : withoutEffect(change);
        if (isNew && refusal == null) {
            change.changes().forEach(single -> applyToMembers(change, single));
        }
        configuration = ConfChanger.apply(configuration, effective).configuration();
        if (isNew) {
            StoredConfState.save(set, confState());
        }
        listener.applied(entry.index(), effective, confState());
        if (refusal != null) {
            return new Result(change.id(), new Outcome.Refused(new RequestException(refusal)));
        }
        CompletableFuture<Void> settled = new CompletableFuture<>();
        unsettled.add(settled);
        return new Result(
                change.id(), new Outcome.Later(() -> settled.thenApply(done -> EmptyResponse.getDefaultInstance())));
    }

    /** Every change must come to the core, also one that is not to happen. */
    private static ConfChange withoutEffect(ConfChange change) {
        return new ConfChange(
                change.id(), change.transition(), List.of(new MemberChange(ChangeType.UPDATE_NODE, 0)), new byte[0]);
    }

    private @Nullable RequestError refusal(ConfChange change) {
        for (MemberChange single : change.changes()) {
            RequestError refusal = switch (single.type()) {
                case ADD_NODE ->
                    MemberJson.isPromotion(change.context())
                            ? membership.refusalToPromote(single.nodeId())
                            : membership.refusalToAdd(member(change, single.nodeId()), LEARNERS_UNLIMITED);
                case ADD_LEARNER_NODE -> membership.refusalToAdd(member(change, single.nodeId()), LEARNERS_UNLIMITED);
                case UPDATE_NODE ->
                    membership.refusalToUpdate(
                            single.nodeId(), member(change, single.nodeId()).peerUrls());
                case REMOVE_NODE -> membership.refusalToRemove(single.nodeId());
            };
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private void applyToMembers(ConfChange change, MemberChange single) {
        long id = single.nodeId();
        switch (single.type()) {
            case ADD_NODE -> {
                if (MemberJson.isPromotion(change.context())) {
                    membership.promote(id);
                } else {
                    membership.put(member(change, id));
                }
            }
            case ADD_LEARNER_NODE -> membership.put(member(change, id));
            case UPDATE_NODE -> membership.updatePeerUrls(id, member(change, id).peerUrls());
            case REMOVE_NODE -> membership.remove(id);
        }
    }

    /** Why a change could not be applied by any member; null if it could, or would be refused by what it does. */
    static @Nullable String malformation(ConfChange change) {
        try {
            for (MemberChange single : change.changes()) {
                if (describesItsMember(change, single)) {
                    Member member = MemberJson.decode(change.context());
                    if (member.id() != single.nodeId()) {
                        return "a change of member " + Long.toHexString(single.nodeId()) + " that describes member "
                                + Long.toHexString(member.id());
                    }
                }
            }
            return null;
        } catch (IllegalArgumentException e) {
            return "a membership change that does not describe its member: " + e.getMessage();
        }
    }

    private static boolean describesItsMember(ConfChange change, MemberChange single) {
        return switch (single.type()) {
            case ADD_NODE -> !MemberJson.isPromotion(change.context());
            case ADD_LEARNER_NODE, UPDATE_NODE -> true;
            case REMOVE_NODE -> false;
        };
    }

    private static Member member(ConfChange change, long id) {
        try {
            Member member = MemberJson.decode(change.context());
            Fault.check(member.id() == id, "the change of member %x describes member %x", id, member.id());
            return member;
        } catch (IllegalArgumentException e) {
            throw new Fault("a membership change does not describe its member", e);
        }
    }
}
