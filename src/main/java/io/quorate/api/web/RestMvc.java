package io.quorate.api.web;

import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.ClientMemory;
import io.quorate.api.port.ClientPortServerFactory;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** Spring MVC as the REST API uses it: JSON and bytes, no views, no sessions. Controllers are listed, not scanned for. */
@Configuration(proxyBeanMethods = false)
@Import({
    KeysController.class,
    TreeController.class,
    HistoryController.class,
    TxnController.class,
    LeasesController.class,
    LocksController.class,
    ElectionsController.class,
    WatchController.class,
    MembersController.class,
    MaintenanceController.class,
    UsersController.class,
    RolesController.class,
    AuthController.class,
    BackupsController.class,
    SnapshotController.class,
    CallsController.class,
    OpenApiController.class,
    Problems.class
})
class RestMvc extends WebMvcConfigurationSupport {

    @Bean
    Services services(ClientPortServerFactory port, CallTracers tracers, ClientMemory memory) {
        return Services.of(port, tracers, memory.messages());
    }

    @Bean
    StreamLimit streamLimit(RestBounds bounds) {
        return new StreamLimit(bounds.streamsMax());
    }

    @Override
    protected RequestMappingHandlerAdapter createRequestMappingHandlerAdapter() {
        return new DirectInvocations();
    }

    @Override
    protected void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters
                .disableDefaults()
                .addCustomConverter(new ByteArrayHttpMessageConverter())
                .withJsonConverter(new JacksonJsonHttpMessageConverter(RestJson.MAPPER));
    }

    @Override
    protected void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.defaultContentType(MediaType.APPLICATION_JSON);
    }

    @Override
    protected void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters());
        registry.addInterceptor(new AcceptedForms());
    }

    @Override
    protected void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new RestRequestResolver());
    }
}
