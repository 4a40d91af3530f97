package io.quorate.mvcc;

/**
 * What is known about a live key without reading its value.
 *
 * @param createRevision the revision of the put that brought the key to life
 * @param modRevision the revision of the newest put
 * @param version how many puts the key has seen since its creation, from 1
 * @param lease the lease the key is attached to; 0 for none
 */
public record KeyMeta(long createRevision, long modRevision, long version, long lease) {

    /** What comparisons of a transaction see for a key that does not exist. */
    public static final KeyMeta ABSENT = new KeyMeta(0, 0, 0, 0);

    /** A key that a put at the revision brings to life. */
    static KeyMeta created(long revision, long lease) {
        return new KeyMeta(revision, revision, 1, lease);
    }

    /** The key after one more put. */
    KeyMeta touched(long revision, long newLease) {
        return new KeyMeta(createRevision, revision, version + 1, newLease);
    }
}
