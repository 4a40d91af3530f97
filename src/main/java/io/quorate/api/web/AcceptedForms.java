package io.quorate.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a request whose answer would have no form that the client accepts, before it does anything. Values have several forms, of which
 * {@link ValueForm} knows.
 */
final class AcceptedForms implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getPackage() == AcceptedForms.class.getPackage()) {
            MediaType form = form(method);
            boolean value =
                    method.getBeanType() == KeysController.class && method.hasMethodAnnotation(GetMapping.class);
            if (!value && !accepts(request.getHeader(HttpHeaders.ACCEPT), form)) {
                throw none("accept " + form);
            }
        }
        return true;
    }

    /** The form of an answer: JSON, or, where a method writes it itself, events or what its summary says. */
    private static MediaType form(HandlerMethod method) {
        if (!method.isVoid()) {
            return MediaType.APPLICATION_JSON;
        }
        Summary summary = method.getMethodAnnotation(Summary.class);
        return summary == null || summary.forms().length == 0
                ? MediaType.TEXT_EVENT_STREAM
                : MediaType.parseMediaType(summary.forms()[0]);
    }

    /** Whether a field {@code Accept} allows a form: the most specific range that includes it decides. */
    static boolean accepts(@Nullable String accept, MediaType form) {
        return accept == null
                || accept.isBlank()
                || parse(accept).stream()
                        .filter(range -> range.includes(form))
                        .findFirst()
                        .filter(range -> range.getQualityValue() > 0)
                        .isPresent();
    }

    /**
     * The ranges of a field {@code Accept}, the most specific first.
     *
     * @throws Problem if it is none
     */
    static List<MediaType> parse(String accept) {
        List<MediaType> types;
        try {
            types = new ArrayList<>(MediaType.parseMediaTypes(accept));
        } catch (InvalidMediaTypeException e) {
            throw none("Accept is no list of media types");
        }
        MimeTypeUtils.sortBySpecificity(types);
        return types;
    }

    /** What a client hears that accepts nothing there is. */
    static Problem none(String detail) {
        return new Problem(406, "not-acceptable", "The answer has no such form", detail);
    }
}
