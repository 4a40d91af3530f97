package io.quorate.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes programs with users from seeds. Most begin by making some and switching authentication on; then users, roles and
 * permissions change, and everything else is done in somebody's name.
 */
final class UserPrograms {

    private static final int STEPS_MIN = 8;
    private static final int STEPS_MAX = 30;

    /** Letters and an index that was applied long ago, so that nobody waits for it. */
    private static final String UNKNOWN = "abcdefghijklmnop.1";

    private final long seed;
    private final Dice dice;
    private final UserRequests users;
    private final ProgramGenerator others;
    private final List<Step> steps = new ArrayList<>();

    private UserPrograms(long seed) {
        this.seed = seed;
        dice = new Dice(~seed);
        users = new UserRequests(dice);
        others = new ProgramGenerator(seed, dice);
    }

    static Program program(long seed) {
        return new UserPrograms(seed).program();
    }

    private Program program() {
        if (dice.chance(80)) {
            populate();
        }
        for (int i = dice.between(STEPS_MIN, STEPS_MAX); i > 0; i--) {
            steps.add(step());
        }
        return new Program(seed, List.copyOf(steps));
    }

    private void populate() {
        steps.add(users.addUser("root"));
        steps.add(users.grantRole("root", "root"));
        for (String role : List.of("reader", "writer")) {
            steps.add(users.addRole(role));
            for (int i = dice.below(4); i > 0; i--) {
                steps.add(users.grantPermission(role));
            }
        }
        for (String user : List.of("alice", "bob")) {
            steps.add(users.addUser(user));
            for (int i = dice.below(3); i > 0; i--) {
                steps.add(users.grantRole(user, dice.oneOf("reader", "writer")));
            }
        }
        if (dice.chance(50)) {
            steps.add(other());
        }
        steps.add(users.enable());
        steps.add(users.login(Keeper.NAME, Keeper.PASSWORD));
        List<Step> logins = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Call(Rpc rpc, io.quorate.proto.AuthUserAddRequest add) && rpc == Rpc.USER_ADD) {
                logins.add(users.login(add.getName(), add.getPassword()));
            }
        }
        steps.addAll(logins);
    }

    private Step step() {
        if (dice.chance(10)) {
            return as(dice.chance(90) ? Who.NOBODY : who(), users.login());
        }
        if (dice.chance(40)) {
            return as(dice.chance(60) ? Who.loggedIn(Keeper.NAME) : who(), users.call());
        }
        return new Step.As(who(), other());
    }

    /** In a transaction, an empty range that only one server refuses would make all that follows differ. */
    private Step other() {
        Step step = others.step();
        while (EmptyRanges.isTxnWithOne(step)) {
            step = others.step();
        }
        return step;
    }

    /** Over gRPC or as JSON. */
    private Step as(Who who, Step.Call call) {
        return new Step.As(who, dice.chance(75) ? call : others.json(call));
    }

    private Who who() {
        int choice = dice.below(100);
        if (choice < 12) {
            return Who.NOBODY;
        } else if (choice < 16) {
            return Who.madeUp(dice.oneOf(UNKNOWN, "x", "Bearer x", "a.b", "a.", "."));
        } else if (choice < 35) {
            return Who.loggedIn(Keeper.NAME);
        }
        return Who.loggedIn(dice.chance(75) ? dice.oneOf("alice", "bob") : users.user());
    }
}
