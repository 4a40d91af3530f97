package io.quorate.node.transport;

/** Why a connection is not accepted; the ordinals are the numbers on the wire. */
public enum Refusal {
    /** The greeting cannot be read. */
    MALFORMED("the greeting is malformed"),
    /** The two speak different versions of this protocol. */
    VERSION("the versions of the peer protocol differ"),
    /** The dialling member is part of another cluster. */
    CLUSTER("the cluster ids differ"),
    /** Another member was meant, so an address in the member list is wrong or old. */
    MEMBER("another member was meant"),
    /** The dialling member was removed from the cluster. */
    REMOVED("the member was removed from the cluster"),
    /** One of the two has another log than the one by which the other knows it, and so has forgotten what it promised. */
    FORGOTTEN("the log of a member is another one than before");

    private final String meaning;

    Refusal(String meaning) {
        this.meaning = meaning;
    }

    /** In words. */
    public String meaning() {
        return meaning;
    }
}
