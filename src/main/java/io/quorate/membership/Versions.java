package io.quorate.membership;

/** Which etcd this member is to its clients: they look at these numbers to decide what they may ask for. */
public final class Versions {

    /** The release whose interface this member offers. */
    public static final String SERVER = "3.7.0";

    /** The version that a cluster of such members agrees on. */
    public static final String CLUSTER = "3.7.0";

    /** The version of the stored data's meaning. */
    public static final String STORAGE = "3.7.0";

    private Versions() {}
}
