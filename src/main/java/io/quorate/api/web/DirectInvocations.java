package io.quorate.api.web;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Calls controllers by method handles. By reflection there would be a native frame on the stack of the virtual thread, as the options of the
 * JVM have it (bin/java.options): a controller that waits would keep a processor's thread, and as many of them as there are processors the
 * whole API.
 */
final class DirectInvocations extends RequestMappingHandlerAdapter {

    private final Map<Method, MethodHandle> handles = new ConcurrentHashMap<>();

    @Override
    protected ServletInvocableHandlerMethod createInvocableHandlerMethod(HandlerMethod handler) {
        return new Invocation(handler);
    }

    private MethodHandle handle(Method method) {
        try {
            return MethodHandles.lookup().unreflect(method).asSpreader(1, Object[].class, method.getParameterCount());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("controllers lie in this package: " + method, e);
        }
    }

    private final class Invocation extends ServletInvocableHandlerMethod {

        Invocation(HandlerMethod handler) {
            super(handler);
        }

        @Override
        protected @Nullable Object doInvoke(@Nullable Object... arguments) throws Exception {
            try {
                return handles.computeIfAbsent(getMethod(), DirectInvocations.this::handle)
                        .invoke(getBean(), arguments);
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
