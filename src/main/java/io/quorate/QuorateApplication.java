package io.quorate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The one process of a member. */
@SpringBootApplication
public class QuorateApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(QuorateApplication.class, arguments);
    }
}
