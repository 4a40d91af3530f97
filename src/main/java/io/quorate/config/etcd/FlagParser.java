package io.quorate.config.etcd;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line by the rules of Go: one dash or two, the value behind an equals sign or as the next argument, a switch
 * alone for true, the last of several counts, two dashes alone end it.
 *
 * @param flags name without dashes, and value
 * @param others Spring's own arguments, unchanged
 */
record FlagParser(Map<String, String> flags, List<String> others) {

    /** @throws BadFlagException worded as etcd does */
    static FlagParser parse(List<String> arguments) {
        FlagParser parsed = new FlagParser(new LinkedHashMap<>(), new ArrayList<>());
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (argument.equals("--")) {
                refuseAll(rest);
            } else if (isSprings(argument)) {
                parsed.others.add(argument);
            } else if (argument.startsWith("-") && argument.length() > 1) {
                parsed.take(argument, rest);
            } else {
                throw notAFlag(argument);
            }
        }
        return parsed;
    }

    /** Two dashes alone end the flags, and a member takes nothing else. */
    private static void refuseAll(Iterator<String> rest) {
        if (rest.hasNext()) {
            throw notAFlag(rest.next());
        }
    }

    private static BadFlagException notAFlag(String argument) {
        return new BadFlagException("'" + argument + "' is not a valid flag");
    }

    /** etcd's names have no dots, Spring's have. */
    private static boolean isSprings(String argument) {
        return argument.matches("--[\\w-]+\\.[^=]*(=.*)?");
    }

    private void take(String argument, Iterator<String> rest) {
        String text = argument.substring(argument.startsWith("--") ? 2 : 1);
        if (text.isEmpty() || text.startsWith("-") || text.startsWith("=")) {
            throw new BadFlagException("bad flag syntax: " + argument);
        }
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        boolean isSwitch = EtcdFlags.named(name).kind() == ValueKind.SWITCH;
        if (equals >= 0) {
            flags.put(name, text.substring(equals + 1));
        } else if (isSwitch) {
            flags.put(name, "true");
        } else if (rest.hasNext()) {
            flags.put(name, rest.next());
        } else {
            throw new BadFlagException("flag needs an argument: -" + name);
        }
    }
}
