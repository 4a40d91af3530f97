package io.quorate.api.web;

import io.quorate.base.Stages;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Whatever goes wrong with a request, told as a problem. */
@RestControllerAdvice
class Problems {

    @ExceptionHandler
    void problem(Problem problem, HttpServletResponse response) throws IOException {
        ProblemWriter.write(problem, response);
    }

    @ExceptionHandler
    void mismatch(MethodArgumentTypeMismatchException e, HttpServletResponse response) throws IOException {
        Class<?> wanted = e.getRequiredType();
        String mistake =
                wanted != null && (wanted == long.class || wanted == int.class || Number.class.isAssignableFrom(wanted))
                        ? "not a whole number"
                        : "not of the right kind";
        ProblemWriter.write(Problem.field(e.getName(), mistake), response);
    }

    @ExceptionHandler
    void mismatch(BindException e, HttpServletResponse response) throws IOException {
        String field = e.getFieldError() == null ? "query" : e.getFieldError().getField();
        ProblemWriter.write(Problem.field(field, "not a whole number"), response); // nothing else can be wrong
    }

    @ExceptionHandler
    void missing(MissingServletRequestParameterException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(Problem.field(e.getParameterName(), "missing"), response);
    }

    @ExceptionHandler
    void missing(MissingRequestHeaderException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(Problem.field(e.getHeaderName(), "missing"), response);
    }

    @ExceptionHandler
    void unreadable(HttpMessageNotReadableException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(unreadable(e.getCause()), response);
    }

    /** The mistake in a body, by the path of its field; never with the text of the library, which has parts of the input. */
    static Problem unreadable(@Nullable Throwable cause) {
        if (cause instanceof Problem problem) {
            return problem;
        }
        StreamConstraintsException beyond = beyondLimits(cause);
        if (beyond != null) {
            return Problem.field(
                    "body",
                    String.valueOf(beyond.getMessage()).contains("nesting depth")
                            ? "nested deeper than " + RestJson.DEPTH_MAX + " levels"
                            : "a name, number or text that is too long");
        }
        if (cause instanceof DatabindException mistake) {
            if (mistake.getCause() instanceof Problem problem) {
                return problem;
            }
            String path = path(mistake);
            return Problem.field(
                    path.isEmpty() ? "body" : path,
                    mistake instanceof UnrecognizedPropertyException ? "no such field" : "not of the right kind");
        }
        return Problem.field("body", cause instanceof JacksonException ? "not JSON" : "missing");
    }

    /** It may come as the cause of another, from inside of a value. */
    private static @Nullable StreamConstraintsException beyondLimits(@Nullable Throwable cause) {
        Throwable each = cause;
        while (each != null && !(each instanceof StreamConstraintsException)) {
            each = each.getCause();
        }
        return (StreamConstraintsException) each;
    }

    private static String path(DatabindException mistake) {
        return mistake.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    @ExceptionHandler
    void mediaType(HttpMediaTypeNotSupportedException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(
                new Problem(415, "media-type", "The kind of body is not known", "send application/json"), response);
    }

    @ExceptionHandler
    void notAcceptable(HttpMediaTypeNotAcceptableException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(AcceptedForms.none("accept application/json"), response);
    }

    @ExceptionHandler
    void method(HttpRequestMethodNotSupportedException e, HttpServletResponse response) throws IOException {
        String[] supported = e.getSupportedMethods();
        String allowed = supported == null ? "" : String.join(", ", supported);
        ProblemWriter.write(
                new Problem(405, "method", "The method is not offered here", allowed).header("Allow", allowed),
                response);
    }

    @ExceptionHandler({NoResourceFoundException.class, NoHandlerFoundException.class})
    void nothingHere(Exception e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(Problem.notFound("no such path"), response);
    }

    @ExceptionHandler
    void unexpected(Exception e, HttpServletResponse response) throws IOException {
        if (e instanceof IOException gone) { // the client has left
            throw gone;
        }
        Stages.report("a request of the REST API", e);
        ProblemWriter.write(Problem.internal(), response);
    }
}
