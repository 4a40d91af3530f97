package io.quorate.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a setting that {@link LiveSettings} changes while the member runs. Whoever uses it asks for the value each time
 * and keeps no copy. All others need a restart.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
@interface ChangesAtRunTime {}
