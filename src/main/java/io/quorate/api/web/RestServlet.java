package io.quorate.api.web;

import io.quorate.api.port.BridgedClient;
import io.quorate.base.Stages;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/**
 * What is there of the REST API before its first request: a servlet that makes the rest with the first request, and ends it with the
 * member.
 */
@Slf4j
public final class RestServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "/api/";

    private final transient ApplicationContext member;
    private final transient ReentrantLock opening = new ReentrantLock();
    private transient volatile @Nullable RestContext context;
    private boolean destroyed;

    /** @param member has the beans that controllers need */
    public RestServlet(ApplicationContext member) {
        this.member = member;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        BridgedClient client = (BridgedClient) request.getAttribute(BridgedClient.class.getName());
        if (client == null || !request.getRequestURI().startsWith(PREFIX)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        try {
            opened().serve(client, request, response);
        } catch (Problem problem) {
            ProblemWriter.write(problem, response);
        } catch (IOException e) {
            if (!client.gone().toCompletableFuture().isDone()) {
                throw e;
            }
            log.debug("A request of a client that has left broke off", e); // as it should
        } catch (ServletException | RuntimeException | Error e) { // whatever it is, the client gets an answer
            Stages.report("a request of the REST API", e);
            ProblemWriter.write(Problem.internal(), response);
        }
    }

    private RestContext opened() throws ServletException {
        RestContext known = context;
        if (known != null) {
            return known;
        }
        opening.lock();
        try {
            if (destroyed) {
                throw Problem.unavailable("the member is stopping");
            }
            RestContext made = context;
            if (made == null) {
                made = RestContext.open(member, getServletConfig());
                context = made;
            }
            return made;
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void destroy() {
        opening.lock();
        try {
            destroyed = true;
            RestContext made = context;
            if (made != null) {
                made.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
