package io.quorate.conformance;

import tools.jackson.databind.JsonNode;

/**
 * One difference between the installed etcd and docs/etcd-v3.md, as a change to the old answer.
 *
 * @param what the old and the new behaviour
 * @param where the section of docs/etcd-v3.md that says so
 * @param rule makes the old answer the new one
 */
record Excuse(String what, String where, Rule rule) {

    /** Returns what etcd would answer today, or the same tree if that is no different. */
    interface Rule {
        JsonNode wanted(Step step, JsonNode answer);
    }
}
