package io.quorate.embedded.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Has an embedded cluster started for the tests of a class, or anew for each of them. Methods and constructors get it by a parameter of
 * type {@link io.quorate.embedded.EmbeddedQuorate}, or its endpoints by one of type {@code List<URI>}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(QuorateExtension.class)
public @interface QuorateCluster {

    /** How many members there are: 1 or 3. */
    int members() default 1;

    /** Whether each member is a process. */
    boolean processes() default false;

    /** Whether each test gets a cluster of its own. Otherwise tests of a class share one, and keep apart by their keys. */
    boolean perTest() default false;

    /** Settings of the members, as {@code quorate.name=value}. */
    String[] settings() default {};
}
