package io.quorate.api.web;

import io.quorate.api.port.BridgedClient;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.ApplicationContext;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** The controllers, in a context of their own below the member's. */
final class RestContext implements AutoCloseable {

    private final AnnotationConfigWebApplicationContext context;
    private final DispatcherServlet dispatcher;
    private final Services services;
    private final Sessions sessions;
    private final RestBounds bounds;

    private RestContext(AnnotationConfigWebApplicationContext context, DispatcherServlet dispatcher) {
        this.context = context;
        this.dispatcher = dispatcher;
        this.services = context.getBean(Services.class);
        this.sessions = new Sessions();
        this.bounds = context.getBean(RestBounds.class);
    }

    /** Makes them. */
    static RestContext open(ApplicationContext member, ServletConfig servlet) throws ServletException {
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.setParent(member);
        context.register(RestMvc.class);
        DispatcherServlet dispatcher = new RestDispatcher(context);
        dispatcher.setPublishEvents(false);
        dispatcher.setDispatchOptionsRequest(false);
        dispatcher.init(servlet);
        return new RestContext(context, dispatcher);
    }

    /** Answers one request. */
    void serve(BridgedClient client, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        ResponseHeaders.addTo(response);
        RequestMemory memory = new RequestMemory(services.memory());
        try (RestRequest rest = new RestRequest(
                services, sessions, client, RestCaller.of(request, client), memory, bounds.requestBytesMax())) {
            request.setAttribute(RestRequest.class.getName(), rest);
            ReadRequest read = ReadRequest.of(request, memory, bounds.bodyBytesMax());
            requireQuery(read);
            dispatcher.service(read, response);
        }
    }

    /** Tomcat looks at the query when it is asked for the first time. */
    private static void requireQuery(ReadRequest request) {
        try {
            request.getParameterNames();
        } catch (IllegalStateException malformed) {
            throw Problem.field("query", "not well-formed");
        }
    }

    /** Spring's, except that the method TRACE, which would show a client its own secrets, is refused as any other that is not offered. */
    private static final class RestDispatcher extends DispatcherServlet {

        private static final long serialVersionUID = 1L;

        RestDispatcher(WebApplicationContext context) {
            super(context);
        }

        @Override
        protected void doTrace(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            processRequest(request, response);
        }
    }

    @Override
    public void close() {
        dispatcher.destroy();
        context.close();
    }
}
