package io.quorate.node.transport;

import io.quorate.base.Numbered;

/** Why a connection is not accepted, with the numbers on the wire. */
public enum Refusal implements Numbered {
    /** The greeting cannot be read. */
    MALFORMED(0, "the greeting is malformed"),
    /** The two speak different versions of this protocol. */
    VERSION(1, "the versions of the peer protocol differ"),
    /** The dialling member is part of another cluster. */
    CLUSTER(2, "the cluster ids differ"),
    /** Another member was meant, so an address in the member list is wrong or old. */
    MEMBER(3, "another member was meant"),
    /** The dialling member was removed from the cluster. */
    REMOVED(4, "the member was removed from the cluster"),
    /** One of the two has another log than the one by which the other knows it, and so has forgotten what it promised. */
    FORGOTTEN(5, "the log of a member is another one than before");

    private final int number;
    private final String meaning;

    Refusal(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    @Override
    public int number() {
        return number;
    }

    /** In words. */
    public String meaning() {
        return meaning;
    }
}
