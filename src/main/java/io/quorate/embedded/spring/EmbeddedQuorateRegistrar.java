package io.quorate.embedded.spring;

import io.quorate.embedded.EmbeddedQuorate;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.test.context.DynamicPropertyRegistrar;

/** Adds the beans of {@link EmbeddedQuorateConnection}. */
final class EmbeddedQuorateRegistrar implements ImportBeanDefinitionRegistrar, BeanFactoryAware {

    private static final String CLUSTER = "embeddedQuorate";

    private BeanFactory beans = new StaticListableBeanFactory();

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans = beanFactory;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata test, BeanDefinitionRegistry registry) {
        MergedAnnotation<EmbeddedQuorateConnection> wanted =
                test.getAnnotations().get(EmbeddedQuorateConnection.class);
        int members = wanted.getInt("members");
        List<String> properties = List.of(wanted.getStringArray("property"));
        if (!isDeclared()) {
            registry.registerBeanDefinition(
                    CLUSTER,
                    BeanDefinitionBuilder.genericBeanDefinition(
                                    EmbeddedQuorate.class,
                                    () -> EmbeddedQuorate.builder()
                                            .members(members)
                                            .start())
                            .getBeanDefinition());
        }
        registry.registerBeanDefinition(
                "quorateConnectionDetails",
                BeanDefinitionBuilder.genericBeanDefinition(QuorateConnectionDetails.class, this::details)
                        .getBeanDefinition());
        registry.registerBeanDefinition(
                "quorateEndpointProperties",
                BeanDefinitionBuilder.genericBeanDefinition(
                                DynamicPropertyRegistrar.class,
                                () -> values -> properties.forEach(name -> values.add(name, this::joined)))
                        .getBeanDefinition());
    }

    private boolean isDeclared() {
        return beans instanceof ListableBeanFactory all
                && all.getBeanNamesForType(EmbeddedQuorate.class, true, false).length > 0;
    }

    private QuorateConnectionDetails details() {
        return beans.getBean(EmbeddedQuorate.class)::endpoints;
    }

    private String joined() {
        return beans.getBean(EmbeddedQuorate.class).endpoints().stream()
                .map(URI::toString)
                .collect(Collectors.joining(","));
    }
}
