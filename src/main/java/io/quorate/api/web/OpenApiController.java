package io.quorate.api.web;

import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What there is, as OpenAPI documents. They tell nothing of the data, so everybody may see them. */
@RestController
class OpenApiController {

    private final ObjectProvider<RequestMappingHandlerMapping> mappings;
    private final Services services;

    OpenApiController(ObjectProvider<RequestMappingHandlerMapping> mappings, Services services) {
        this.mappings = mappings;
        this.services = services;
    }

    /** Describes this API. */
    @GetMapping("/api/openapi.json")
    Map<String, Object> document() {
        return OpenApiDocument.of(mappings.getObject().getHandlerMethods());
    }

    /** Describes etcd's gateway. */
    @GetMapping("/api/openapi-etcd.json")
    Map<String, Object> etcd() {
        return EtcdDocument.of(services.descriptors());
    }
}
