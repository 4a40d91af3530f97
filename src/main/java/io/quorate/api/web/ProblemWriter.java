package io.quorate.api.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes problems where no controller does. */
final class ProblemWriter {

    private ProblemWriter() {}

    /** Answers with a problem, unless another answer has begun. */
    static void write(Problem problem, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("too late for a problem"); // the client sees its answer break off
        }
        response.reset();
        ResponseHeaders.addTo(response);
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(RestJson.MAPPER.writeValueAsBytes(problem.body()));
    }
}
