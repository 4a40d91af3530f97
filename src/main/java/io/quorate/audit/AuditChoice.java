package io.quorate.audit;

/**
 * Which calls leave a line.
 *
 * @param writes calls that change keys or leases
 * @param auth changes of users and roles, and logins
 * @param refusals calls that were not permitted, whatever they are
 * @param all every call
 */
public record AuditChoice(boolean writes, boolean auth, boolean refusals, boolean all) {

    /** No call does. */
    public static final AuditChoice NONE = new AuditChoice(false, false, false, false);

    /** Whether a call leaves a line. */
    public boolean includes(AuditRecord.Kind kind, boolean refused) {
        if (all || (refusals && refused)) {
            return true;
        }
        return switch (kind) {
            case WRITE -> writes;
            case AUTH -> auth;
            case READ, OTHER -> false;
        };
    }
}
