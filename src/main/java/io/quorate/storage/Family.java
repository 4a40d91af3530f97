package io.quorate.storage;

/**
 * The layout on disk: every column family, with what its keys and values are. Keys are ordered as unsigned bytes in every
 * family. Numbers inside keys are big endian, so that they sort by value.
 *
 * <p>This table is format {@value Database#FORMAT}. Changing a layout, or removing a constant, needs a new format number
 * and a migration; the order of the constants has no meaning on disk.
 */
public enum Family {

    /**
     * The newest record of every live key. Key: the key of the client. Value: {@code mvccpb.KeyValue}. A deleted key has no
     * record here.
     */
    CURRENT("current", Kind.DATA),

    /**
     * Every change since the last compaction. Key: the revision, 17 bytes: 8 bytes main, {@code '_'}, 8 bytes sub. Value: the
     * record as it was written, {@code mvccpb.KeyValue}, or the mark of a deletion. Only ever appended to, and cut from the
     * front by compaction.
     */
    HISTORY("history", Kind.DATA),

    /**
     * Finds the version of a key at an old revision by one seek. Key: the escaped key of the client, then the inverted
     * revision, so that newer versions come first. Value: empty.
     */
    VERSIONS("versions", Kind.DATA),

    /**
     * Single values of the member. Key: a name in UTF-8. Value: depends on the name; for example the format of this layout
     * (4 bytes), the consistent index and term, the compacted revision. Kept in the family that every RocksDB has, so that the
     * format can be read before anything else.
     */
    META("default", Kind.METADATA),

    /** Granted leases. Key: the id of the lease, 8 bytes. Value: {@code leasepb.Lease}. */
    LEASE("lease", Kind.METADATA),

    /** Raised alarms. Key: the member id and the type of the alarm. Value: {@code etcdserverpb.AlarmMember}. */
    ALARM("alarm", Kind.METADATA),

    /** Members of the cluster. Key: the member id, 8 bytes. Value: the member's names, URLs and whether it is a learner. */
    MEMBER("member", Kind.METADATA),

    /** Ids that were members once and must never join again. Key: the member id, 8 bytes. Value: not read. */
    REMOVED_MEMBER("removed_member", Kind.METADATA),

    /** Users. Key: the name in UTF-8. Value: {@code authpb.User}. */
    USER("user", Kind.METADATA),

    /** Roles. Key: the name in UTF-8. Value: {@code authpb.Role}. */
    ROLE("role", Kind.METADATA),

    /** Single values of authentication: whether it is on, and its revision. Key: a name in UTF-8. */
    AUTH("auth", Kind.METADATA);

    /** What tells the large families from the small ones. */
    private enum Kind {
        DATA,
        METADATA
    }

    private final String diskName;
    private final Kind kind;

    Family(String diskName, Kind kind) {
        this.diskName = diskName;
        this.kind = kind;
    }

    /** The name of the column family in RocksDB. */
    public String diskName() {
        return diskName;
    }

    /**
     * True for the small families, whose pending changes a {@link WriteSet} remembers for {@link WriteSet#over reading}.
     * False for the records of keys: there the index of the store knows what is pending.
     */
    public boolean isMetadata() {
        return kind == Kind.METADATA;
    }
}
