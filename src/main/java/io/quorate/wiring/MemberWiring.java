package io.quorate.wiring;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerObservationAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.health.GrpcServerHealthAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.health.GrpcServerHealthSchedulerAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A member as a program of its own: its parts, and what Spring Boot adds to them.
 *
 * <p>Auto-configuration is enabled here and not at the application's class because Jackson's part scans the package of the
 * class that enables it: this one is small, while the root holds a thousand class files. The excluded ones serve Spring MVC
 * in the context of the client port (the controllers of the REST API and the management port have contexts of their own), or what a
 * member does otherwise: its own health service, JSON and threads. Each would cost every start some milliseconds.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = {
            WebMvcAutoConfiguration.class,
            ErrorMvcAutoConfiguration.class,
            MultipartAutoConfiguration.class,
            HttpEncodingAutoConfiguration.class,
            AopAutoConfiguration.class,
            TaskSchedulingAutoConfiguration.class,
            LogbackMetricsAutoConfiguration.class,
            TaskExecutionAutoConfiguration.class,
            TaskExecutorMetricsAutoConfiguration.class,
            ScheduledTasksObservationAutoConfiguration.class,
            HttpMessageConvertersAutoConfiguration.class,
            JacksonAutoConfiguration.class,
            GrpcServerObservationAutoConfiguration.class,
            GrpcServerHealthAutoConfiguration.class,
            GrpcServerHealthSchedulerAutoConfiguration.class,
            TomcatMetricsAutoConfiguration.class
        })
@Import(MemberParts.class)
public class MemberWiring {}
