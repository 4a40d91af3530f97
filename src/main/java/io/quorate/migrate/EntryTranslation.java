package io.quorate.migrate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.apply.LogGate;
import io.quorate.apply.RequestCodec;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Versions;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.RequestHeader;
import io.quorate.proto.membershippb.Attributes;
import io.quorate.proto.membershippb.ClusterMemberAttrSetRequest;
import io.quorate.proto.membershippb.ClusterVersionSetRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The entries of etcd's log as entries of ours, with the same index and term. All members translate an entry to the same one, so their
 * logs agree as before. Requests of v3 and membership changes stay as they are, but for the version of the cluster: all members have this
 * version now.
 */
final class EntryTranslation {

    private static final Pattern ATTRIBUTES = Pattern.compile("/0/members/([0-9a-f]{1,16})/attributes");
    private static final String VERSION = "/0/version";
    private static final byte[] NOTHING = {};

    private EntryTranslation() {}

    /** @throws MigrationException if no member could apply the entry */
    static Entry translate(Entry entry) {
        Entry translated =
                entry.type() == EntryType.NORMAL && entry.data().length > 0 ? translateRequest(entry) : entry;
        String problem = LogGate.unreadability(translated);
        if (problem != null) {
            throw new MigrationException(
                    "The log has an entry that cannot be taken over, index " + entry.index() + " of term "
                            + entry.term() + ": " + problem
                            + ". Start that etcd once more, so that it applies the entry, and save a snapshot instead.");
        }
        return translated;
    }

    private static Entry translateRequest(Entry entry) {
        V2Request v2 = V2Request.in(entry.data());
        if (v2 != null) {
            return with(entry, v2.method().equals("PUT") ? translatePut(v2) : null);
        }
        try {
            InternalRaftRequest request = RequestCodec.decode(entry.data());
            return request.hasClusterVersionSet()
                    ? with(
                            entry,
                            request.toBuilder().setClusterVersionSet(version()).build())
                    : entry;
        } catch (InvalidProtocolBufferException e) {
            return entry; // refused with the same words as any other entry that cannot be read
        }
    }

    /** Null for a key of the interface v2, which no state of v3 holds. */
    private static @Nullable InternalRaftRequest translatePut(V2Request put) {
        InternalRaftRequest.Builder request = InternalRaftRequest.newBuilder()
                .setID(put.id())
                .setHeader(RequestHeader.newBuilder().setID(put.id()));
        Matcher attributes = ATTRIBUTES.matcher(put.path());
        if (attributes.matches()) {
            long id = Long.parseUnsignedLong(attributes.group(1), 16);
            Member member = MemberJson.decodeAttributes(id, put.value());
            return request.setClusterMemberAttrSet(ClusterMemberAttrSetRequest.newBuilder()
                            .setMemberID(id)
                            .setMemberAttributes(Attributes.newBuilder()
                                    .setName(member.name())
                                    .addAllClientUrls(member.clientUrls())))
                    .build();
        }
        return put.path().equals(VERSION)
                ? request.setClusterVersionSet(version()).build()
                : null;
    }

    private static ClusterVersionSetRequest version() {
        return ClusterVersionSetRequest.newBuilder().setVer(Versions.CLUSTER).build();
    }

    private static Entry with(Entry entry, @Nullable InternalRaftRequest request) {
        return new Entry(entry.term(), entry.index(), entry.type(), request == null ? NOTHING : request.toByteArray());
    }
}
