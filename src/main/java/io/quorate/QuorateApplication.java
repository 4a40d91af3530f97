package io.quorate;

import io.quorate.config.etcd.CommandLine;
import io.quorate.config.etcd.CommandLine.BadFlagException;
import io.quorate.config.etcd.ProcessInput;
import io.quorate.ops.failure.ExitCode;
import io.quorate.tool.Tool;
import io.quorate.wiring.MemberApplication;
import io.quorate.wiring.MemberWiring;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.List;
import java.util.Optional;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;

/** The one process of a member. What it consists of is listed in {@link MemberWiring}, not scanned for. */
@Slf4j
@SpringBootConfiguration(proxyBeanMethods = false)
@Import(MemberWiring.class)
public class QuorateApplication {

    /**
     * Runs the member, started as Spring or as etcd has it, or the {@link Tool} that the first argument names; a start that
     * fails has been explained, and ends with an {@link ExitCode}.
     */
    public static void main(String[] arguments) throws IOException {
        Optional<Tool> tool = Tool.namedBy(arguments);
        if (tool.isPresent()) {
            System.exit(tool.get().run(List.of(arguments)));
        }
        try {
            ProcessInput input = ProcessInput.of(List.of(arguments), System.getenv());
            switch (CommandLine.read(input.arguments(), input.environment())) {
                case CommandLine.Run run -> run(run);
                case CommandLine.Help help -> print("help.txt", System.out);
                case CommandLine.Version version -> print("version.txt", System.out);
            }
        } catch (BadFlagException bad) {
            System.err.println("error verifying flags, " + bad.getMessage() + ". See 'quorate --help'.");
            System.exit(ExitCode.BAD_SETTING.getExitCode());
        }
    }

    private static void run(CommandLine.Run start) {
        // The addresses behind names of members change; the platform would remember old ones, and failures, for long.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        // Netty looks for lost buffers by sampling, with a stack trace each; set the level to look for one.
        chooseUnlessChosen("io.netty.leakDetection.level", "disabled");
        // Netty's events for flight recordings load a hundred classes with the first connection; set it for a recording
        // to
        // true.
        chooseUnlessChosen("io.netty.jfr.enabled", "false");
        try {
            SpringApplication application = new MemberApplication(QuorateApplication.class);
            // Earlier than this, there is no log to write them to.
            ApplicationListener<ApplicationPreparedEvent> notices =
                    event -> start.notices().forEach(log::warn);
            application.addListeners(notices);
            application.run(start.arguments().toArray(String[]::new));
        } catch (SpringApplication.AbandonedRunException trainingRun) {
            throw trainingRun;
        } catch (RuntimeException | Error failure) { // Boot has reported it; what is left is the exit code
            System.exit(ExitCode.of(failure).getExitCode());
        }
    }

    private static void chooseUnlessChosen(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void print(String resource, PrintStream out) throws IOException {
        out.print(new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8));
    }
}
