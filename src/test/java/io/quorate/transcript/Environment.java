package io.quorate.transcript;

/** What the commands of one transcript act on; keeps its state from command to command. */
interface Environment {

    /** Executes a command and returns the text that it produces. */
    String run(Directive directive);
}
