package io.quorate.embedded.spring;

import io.quorate.embedded.EmbeddedQuorate;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
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
        register(registry, CLUSTER + "IfMissing", ClusterIfMissing.class, () -> new ClusterIfMissing(beans, members));
        register(registry, "quorateConnectionDetails", QuorateConnectionDetails.class, this::details);
        register(
                registry,
                "quorateEndpointProperties",
                DynamicPropertyRegistrar.class,
                () -> values -> properties.forEach(name -> values.add(name, this::joined)));
    }

    private static <T> void register(BeanDefinitionRegistry registry, String name, Class<T> type, Supplier<T> made) {
        registry.registerBeanDefinition(
                name, BeanDefinitionBuilder.genericBeanDefinition(type, made).getBeanDefinition());
    }

    /** Adds a cluster when all configurations were read, as those that are nested in the test are after the annotations. */
    private record ClusterIfMissing(BeanFactory beans, int members) implements BeanDefinitionRegistryPostProcessor {

        @Override
        public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
            boolean declared = beans instanceof ListableBeanFactory all
                    && all.getBeanNamesForType(EmbeddedQuorate.class, true, false).length > 0;
            if (!declared) {
                register(
                        registry,
                        CLUSTER,
                        EmbeddedQuorate.class,
                        () -> EmbeddedQuorate.builder().members(members).start());
            }
        }
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
