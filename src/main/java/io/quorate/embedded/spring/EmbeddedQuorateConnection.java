package io.quorate.embedded.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Gives the context of a test an embedded cluster, for as long as the context is there: a bean of type
 * {@link io.quorate.embedded.EmbeddedQuorate}, one of type {@link QuorateConnectionDetails}, and the endpoints as the value of a property
 * that the application reads. A bean of type {@code EmbeddedQuorate} that the test declares itself takes the place of the first, and of
 * {@link #members} with it.
 *
 * <pre>{@code
 * @SpringBootTest
 * @EmbeddedQuorateConnection(property = "app.etcd.endpoints")
 * class ApplicationTests { ... }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(EmbeddedQuorateRegistrar.class)
public @interface EmbeddedQuorateConnection {

    /** Properties of the application that get the endpoints, separated by commas. */
    String[] property() default {};

    /** How many members there are: 1 or 3. */
    int members() default 1;
}
