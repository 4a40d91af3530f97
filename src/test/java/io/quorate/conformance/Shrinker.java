package io.quorate.conformance;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.WatchCreateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a program that shows a difference smaller as long as it shows one: leaves out runs of steps, long ones first, and
 * then parts of requests.
 */
final class Shrinker {

    /** Enough for any program that the generator makes; keeps a flaky difference from costing minutes. */
    private static final int ATTEMPTS_MAX = 400;

    private final Function<Program, Optional<Difference>> run;
    private int attempts;

    /** @param run tells whether, and where, a program shows a difference */
    Shrinker(Function<Program, Optional<Difference>> run) {
        this.run = run;
    }

    /** The smallest that was found. */
    Difference shrink(Difference found) {
        Difference best = found;
        boolean smaller = true;
        while (smaller && attempts < ATTEMPTS_MAX) {
            Difference next = simplify(dropSteps(best));
            smaller = size(next.program()) < size(best.program());
            best = next;
        }
        return best;
    }

    private static int size(Program program) {
        return program.steps().stream()
                .mapToInt(step -> 1 + step.toString().length())
                .sum();
    }

    private Difference dropSteps(Difference found) {
        Difference best = found;
        for (int length = best.program().steps().size(); length > 0; length /= 2) {
            int from = 0;
            while (from + length <= best.program().steps().size()) {
                Optional<Difference> smaller = attempt(best.program().without(from, from + length));
                if (smaller.isPresent()) {
                    best = smaller.get();
                } else {
                    from += length;
                }
            }
        }
        return best;
    }

    private Difference simplify(Difference found) {
        Difference best = found;
        for (int i = 0; i < best.program().steps().size(); i++) {
            boolean smaller = true;
            while (smaller) {
                smaller = false;
                for (Step simpler : simpler(best.program().steps().get(i))) {
                    Optional<Difference> next = attempt(best.program().with(i, simpler));
                    if (next.isPresent()) {
                        best = next.get();
                        smaller = true;
                        break;
                    }
                }
            }
        }
        return best;
    }

    private Optional<Difference> attempt(Program program) {
        return attempts++ < ATTEMPTS_MAX ? run.apply(program) : Optional.empty();
    }

    private static List<Step> simpler(Step step) {
        return switch (step) {
            case Step.Call call -> without(call.request()).map(less -> new Step.Call(call.rpc(), less));
            case Step.KeepAlive keepAlive ->
                without(keepAlive.request()).map(less -> new Step.KeepAlive((LeaseKeepAliveRequest) less));
            case Step.WatchCreate create ->
                without(create.request()).map(less -> new Step.WatchCreate(create.stream(), (WatchCreateRequest) less));
            case Step.As as ->
                simpler(as.step()).stream()
                        .<Step>map(less -> new Step.As(as.who(), less))
                        .toList();
            case Step.WatchCancel _, Step.WatchProgress _, Step.Http _, Step.HttpWatch _ -> List.of();
        };
    }

    /** Messages that lack one field, or one element of a list, at any depth. */
    private static Candidates without(Message message) {
        Candidates result = new Candidates(new ArrayList<>());
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            result.messages.add(message.toBuilder().clearField(descriptor).build());
            if (field.getValue() instanceof List<?> values) {
                for (int i = 0; i < values.size(); i++) {
                    List<Object> rest = new ArrayList<>(values);
                    rest.remove(i);
                    result.messages.add(
                            message.toBuilder().setField(descriptor, rest).build());
                    if (values.get(i) instanceof Message inner) {
                        for (Message less : without(inner).messages) {
                            result.messages.add(message.toBuilder()
                                    .setRepeatedField(descriptor, i, less)
                                    .build());
                        }
                    }
                }
            } else if (field.getValue() instanceof Message inner) {
                for (Message less : without(inner).messages) {
                    result.messages.add(
                            message.toBuilder().setField(descriptor, less).build());
                }
            }
        }
        return result;
    }

    private record Candidates(List<Message> messages) {

        List<Step> map(Function<Message, Step> step) {
            return messages.stream().map(step).toList();
        }
    }
}
