package io.quorate.audit;

import java.util.ArrayList;
import java.util.List;
import lombok.Builder;
import org.jspecify.annotations.Nullable;

/**
 * One call that has ended. It has names and keys, but no place for a value, a password or a token.
 *
 * @param kind what the call does
 * @param refused whether it was not permitted, or its caller not known
 * @param client address of the caller; empty for this member itself
 * @param user name of the caller; null if he gave none
 * @param origin where the identity comes from, such as {@code token} or {@code certificate}; null without a user
 * @param call full name of the method, such as {@code etcdserverpb.KV/Put}
 * @param subject what else the call is about: a user, a role, a lease; null if nothing
 * @param ranges the keys that it is about
 * @param omitted how many more ranges there are than are listed
 * @param code its outcome, by the name of gRPC: {@code OK}, {@code PERMISSION_DENIED}
 * @param revision of the store after it; 0 if none was told
 */
@Builder
public record AuditRecord(
        Kind kind,
        boolean refused,
        String client,
        @Nullable String user,
        @Nullable String origin,
        String call,
        @Nullable String subject,
        List<AuditedRange> ranges,
        int omitted,
        String code,
        long revision) {

    /** Of all keys in one line; a transaction may have thousands. */
    static final int KEY_CHARS_MAX = 8192;

    private static final int TEXT_CHARS_MAX = 256;

    /** What a call does. */
    public enum Kind {
        READ,
        WRITE,
        /** Users, roles, and logins. */
        AUTH,
        /** Members, maintenance, and what else there is. */
        OTHER
    }

    public AuditRecord {
        client = cut(client);
        user = user == null ? null : cut(user);
        origin = origin == null ? null : cut(origin);
        call = cut(call);
        subject = subject == null ? null : cut(subject);
        code = cut(code);
        int all = ranges.size();
        ranges = bounded(ranges);
        omitted += all - ranges.size();
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
    }

    private static List<AuditedRange> bounded(List<AuditedRange> ranges) {
        List<AuditedRange> kept = new ArrayList<>();
        int chars = 0;
        for (AuditedRange range : ranges) {
            chars += range.chars();
            if (chars > KEY_CHARS_MAX && !kept.isEmpty()) {
                break;
            }
            kept.add(range);
        }
        return List.copyOf(kept);
    }
}
