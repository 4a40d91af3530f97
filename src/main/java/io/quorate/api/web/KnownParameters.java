package io.quorate.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.core.StandardReflectionParameterNameDiscoverer;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses parameters that a controller does not know, and those given twice: a misspelt {@code dry_run} must not delete. */
final class KnownParameters implements HandlerInterceptor {

    private final Map<Object, Set<String>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getPackage() == KnownParameters.class.getPackage()) {
            Set<String> names = known.computeIfAbsent(method.getMethod(), key -> names(method));
            request.getParameterMap().forEach((name, values) -> {
                if (!names.contains(name)) {
                    throw Problem.field(name, "no such parameter");
                }
                if (values.length > 1) {
                    throw Problem.field(name, "given more than once");
                }
            });
        }
        return true;
    }

    private static Set<String> names(HandlerMethod method) {
        var discoverer = new StandardReflectionParameterNameDiscoverer();
        return Arrays.stream(method.getMethodParameters())
                .flatMap(parameter -> names(parameter, discoverer))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A parameter has a name of its own, or it is a record of several. */
    private static Stream<String> names(MethodParameter parameter, StandardReflectionParameterNameDiscoverer names) {
        RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
        if (single != null) {
            parameter.initParameterNameDiscovery(names);
            return Stream.of(single.name().isEmpty() ? String.valueOf(parameter.getParameterName()) : single.name());
        }
        return parameter.hasParameterAnnotation(ModelAttribute.class)
                ? Arrays.stream(parameter
                                .getParameterType()
                                .getDeclaredConstructors()[0]
                                .getParameters())
                        .map(KnownParameters::name)
                : Stream.of();
    }

    private static String name(Parameter component) {
        BindParam other = component.getAnnotation(BindParam.class);
        return other == null ? component.getName() : other.value();
    }
}
