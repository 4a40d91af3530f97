package io.quorate.storage.springdata;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.data.repository.Repository;

/**
 * Makes a bean of each repository interface that is named. They are listed, not searched for: a member has a handful, and
 * scanning for them would take a noticeable part of its start.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(RocksRepositoriesRegistrar.class)
public @interface EnableRocksRepositories {

    /** The repository interfaces. There must be an {@link EntityCodec} bean for the entity of each. */
    Class<? extends Repository<?, ?>>[] value();
}
