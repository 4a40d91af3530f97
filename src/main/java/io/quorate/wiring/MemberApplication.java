package io.quorate.wiring;

import io.quorate.server.ErrorChannel;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The start of a member. One that has failed meanwhile never says that it has started: the process ends instead. */
public class MemberApplication extends SpringApplication {

    /** @param source the class with the configuration */
    public MemberApplication(Class<?> source) {
        super(source);
    }

    @Override
    protected void afterRefresh(ConfigurableApplicationContext context, ApplicationArguments arguments) {
        if (context.getBean(ErrorChannel.class).failure() != null) {
            context.getBean(MemberExit.class).awaitEnd();
        }
    }
}
