package io.quorate.api.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an operation does, as the OpenAPI document has it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Summary {

    /** One sentence. */
    String value();

    /** What the body of an answer may be; if it is left out, what the method returns. */
    Class<?>[] answers() default {};

    /** Media types that an answer may have beside JSON: it is the value of a key alone then; or in place of events. */
    String[] forms() default {};

    /** Statuses of HTTP when all is well. */
    int[] status() default 200;

    /** Statuses of problems, beside those that every operation has. */
    int[] problems() default {};
}
