package io.quorate.embedded.junit;

import io.quorate.embedded.EmbeddedQuorate;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts a cluster for tests, as {@link QuorateCluster} says or as a builder that it was given:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final QuorateExtension QUORATE = QuorateExtension.of(EmbeddedQuorate.builder().members(3));
 * }</pre>
 *
 * <p>In a static field there is one cluster for all tests of the class, in a field of the instance one for each test.
 */
public final class QuorateExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(QuorateExtension.class);

    private final EmbeddedQuorate.@Nullable Builder given;
    private volatile @Nullable EmbeddedQuorate latest;

    /** For {@link QuorateCluster}; tests use the annotation instead. */
    public QuorateExtension() {
        this.given = null;
    }

    private QuorateExtension(EmbeddedQuorate.Builder given) {
        this.given = given;
    }

    /** For a field with {@code @RegisterExtension}. */
    public static QuorateExtension of(EmbeddedQuorate.Builder cluster) {
        return new QuorateExtension(cluster);
    }

    /**
     * The cluster of the test that runs; of the class if tests share one.
     *
     * @throws IllegalStateException if none was started yet
     */
    public EmbeddedQuorate cluster() {
        EmbeddedQuorate started = latest;
        if (started == null) {
            throw new IllegalStateException("no test of this class has begun");
        }
        return started;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (given != null || !plan(context).perTest()) {
            latest = started(context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        latest = started(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Type type = parameter.getParameter().getParameterizedType();
        return type == EmbeddedQuorate.class || isEndpoints(type);
    }

    private static boolean isEndpoints(Type type) {
        return type instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] == URI.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        EmbeddedQuorate cluster = started(context);
        return isEndpoints(parameter.getParameter().getParameterizedType()) ? cluster.endpoints() : cluster;
    }

    /** A constructor gets the cluster of the test that the instance is for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    /** The store of a test sees that of its class, and what is in a store is closed with it. */
    @SuppressWarnings("deprecation") // its successor is not in JUnit 5
    private EmbeddedQuorate started(ExtensionContext context) {
        return Objects.requireNonNull(context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(this, key -> builder(context).get(), EmbeddedQuorate.class));
    }

    private Supplier<EmbeddedQuorate> builder(ExtensionContext context) {
        EmbeddedQuorate.Builder builder = given != null ? given : builder(plan(context));
        return builder::start;
    }

    private static EmbeddedQuorate.Builder builder(QuorateCluster plan) {
        EmbeddedQuorate.Builder builder = EmbeddedQuorate.builder().members(plan.members());
        if (plan.processes()) {
            builder.processes();
        }
        for (String setting : plan.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 0) {
                throw new ExtensionConfigurationException("a setting is written name=value, not " + setting);
            }
            builder.setting(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder;
    }

    /** Of the class, or of the one around it. */
    private static QuorateCluster plan(ExtensionContext context) {
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            var found = AnnotationSupport.findAnnotation(type, QuorateCluster.class);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new ExtensionConfigurationException(
                "QuorateExtension needs @QuorateCluster at the class, or a builder: QuorateExtension.of(...)");
    }
}
