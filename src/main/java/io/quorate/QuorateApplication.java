package io.quorate;

import io.quorate.ops.failure.ExitCode;
import io.quorate.wiring.MemberWiring;
import java.security.Security;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;

/** The one process of a member. What it consists of is listed in {@link MemberWiring}, not scanned for. */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import(MemberWiring.class)
public class QuorateApplication {

    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    /** Runs the member; a start that fails has been explained in the log, and ends with an {@link ExitCode}. */
    public static void main(String[] arguments) {
        // The addresses behind names of members change; the platform would remember old ones, and failures, for long.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        // Netty looks for lost buffers by sampling, at some 3 % of a put; who looks for one sets the level.
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        try {
            SpringApplication.run(QuorateApplication.class, arguments);
        } catch (SpringApplication.AbandonedRunException trainingRun) {
            throw trainingRun;
        } catch (RuntimeException | Error failure) { // Boot has reported it; what is left is the exit code
            System.exit(ExitCode.of(failure).getExitCode());
        }
    }
}
