package io.quorate.api.web;

import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthStatusResponse;
import io.quorate.proto.AuthenticateRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether users are asked for, and logins. */
@RestController
@RequestMapping("/api/v1/auth")
class AuthController {

    /** Whether authentication is on; {@code revision} grows with every change of users and roles. */
    record AuthView(boolean enabled, long revision) {}

    /** A login. */
    record Login(@Nullable String name, @Nullable String password) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "login of " + name;
        }
    }

    /** What proves a login, as {@code Authorization: Bearer} of further requests. */
    record Token(String token) {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "a token";
        }
    }

    /** Tells whether authentication is on. */
    @Summary("Tells whether authentication is on.")
    @GetMapping
    AuthView status(RestRequest request) {
        AuthStatusResponse status =
                request.call(AuthGrpc.getAuthStatusMethod(), AuthStatusRequest.getDefaultInstance());
        return new AuthView(status.getEnabled(), status.getAuthRevision());
    }

    /** Turns authentication on. */
    @Summary(value = "Turns authentication on.", status = 204, problems = 409)
    @PutMapping
    ResponseEntity<Void> enable(RestRequest request) {
        request.call(AuthGrpc.getAuthEnableMethod(), AuthEnableRequest.getDefaultInstance());
        return ResponseEntity.noContent().build();
    }

    /** Turns authentication off. */
    @Summary(value = "Turns authentication off.", status = 204)
    @DeleteMapping
    ResponseEntity<Void> disable(RestRequest request) {
        request.call(AuthGrpc.getAuthDisableMethod(), AuthDisableRequest.getDefaultInstance());
        return ResponseEntity.noContent().build();
    }

    /** Logs in. */
    @Summary(value = "Logs in.", problems = 409)
    @PostMapping(path = "/token", consumes = MediaType.APPLICATION_JSON_VALUE)
    Token login(RestRequest request, @RequestBody Login body) {
        AuthenticateRequest login = AuthenticateRequest.newBuilder()
                .setName(Parameters.given("name", body.name()))
                .setPassword(Parameters.given("password", body.password()))
                .build();
        return new Token(
                request.callAsNobody(AuthGrpc.getAuthenticateMethod(), login).getToken());
    }
}
