package io.quorate.storage.springdata;

import java.beans.Introspector;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.data.keyvalue.repository.query.KeyValuePartTreeQuery;
import org.springframework.data.keyvalue.repository.query.PredicateQueryCreator;
import org.springframework.data.keyvalue.repository.support.KeyValueRepositoryFactoryBean;
import org.springframework.data.repository.Repository;

/** Registers a factory of Spring Data for every interface that {@link EnableRocksRepositories} names. */
class RocksRepositoriesRegistrar implements ImportBeanDefinitionRegistrar {

    @Override
    public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
        MergedAnnotation<EnableRocksRepositories> annotation =
                metadata.getAnnotations().get(EnableRocksRepositories.class);
        for (Class<?> repository : annotation.getClassArray("value")) {
            registry.registerBeanDefinition(
                    Introspector.decapitalize(repository.getSimpleName()), definition(repository));
        }
    }

    private static RootBeanDefinition definition(Class<?> repository) {
        RootBeanDefinition definition = new RootBeanDefinition(KeyValueRepositoryFactoryBean.class);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, repository);
        definition
                .getPropertyValues()
                .add("keyValueOperations", new RuntimeBeanReference(RocksDbAutoConfiguration.TEMPLATE))
                .add("mappingContext", new RuntimeBeanReference(RocksDbAutoConfiguration.MAPPING_CONTEXT))
                .add("queryCreator", PredicateQueryCreator.class)
                .add("queryType", KeyValuePartTreeQuery.class);
        // Both say what the bean will be, so that looking for beans by type does not have to make it.
        definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, repository);
        ResolvableType[] entityAndId =
                ResolvableType.forClass(repository).as(Repository.class).getGenerics();
        definition.setTargetType(ResolvableType.forClassWithGenerics(
                KeyValueRepositoryFactoryBean.class,
                ResolvableType.forClass(repository),
                entityAndId[0],
                entityAndId[1]));
        return definition;
    }
}
