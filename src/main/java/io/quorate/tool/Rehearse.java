package io.quorate.tool;

import io.quorate.rehearsal.Rehearsal;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The command that has a member answer what clients ask for. */
final class Rehearse {

    private static final int ROUNDS = 250;

    private Rehearse() {}

    static String run(Options options) {
        List<URI> endpoints = options.endpoints();
        int rounds = options.optional("rounds").isPresent() ? options.number("rounds") : ROUNDS;
        try {
            return new Rehearsal(endpoints.getFirst(), endpoints.subList(1, endpoints.size()), rounds).run();
        } catch (IOException | IllegalStateException failure) {
            throw new ToolException(endpoints.getFirst() + ": " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ToolException("Interrupted while calls were made.");
        }
    }
}
