package io.quorate.api.web;

import io.quorate.base.MonotonicClock;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.SnapshotResponse;
import io.quorate.proto.StatusRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Snapshots of this member as files. */
@RestController
@RequestMapping("/api/v1/snapshot")
class SnapshotController {

    private final Services services;
    private final StreamLimit limit;
    private final MonotonicClock clock;
    private final SnapshotLinks links = new SnapshotLinks();

    SnapshotController(Services services, StreamLimit limit, MonotonicClock clock) {
        this.services = services;
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * A link that needs no credentials.
     *
     * @param path of the link
     * @param seconds for which it can be used, once
     * @param bytes as large a snapshot would be now
     */
    record Link(String path, long seconds, long bytes) {}

    /** Sends a snapshot of the store, as {@code etcdctl snapshot save} writes it. */
    @Summary(
            value = "Sends a snapshot of the store, as etcdctl snapshot save writes it.",
            forms = MediaType.APPLICATION_OCTET_STREAM_VALUE,
            problems = {404, 429})
    @GetMapping
    void snapshot(
            RestRequest request,
            HttpServletRequest http,
            HttpServletResponse response,
            @RequestParam(required = false) @Nullable String link)
            throws IOException {
        RestCaller caller = link == null ? current(request) : links.use(link, request.caller(), clock.nanos());
        limit.enter();
        try (SnapshotDownload download = SnapshotDownload.begin(services, caller, request.gone())) {
            SnapshotResponse first = download.first();
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            response.setContentLengthLong(SnapshotDownload.length(first));
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    link == null ? "attachment; filename=\"snapshot.db\"" : "attachment"); // a page names it
            if (!http.getMethod().equals("HEAD")) {
                download.write(first, response.getOutputStream());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the member is stopping");
        } finally {
            limit.leave();
        }
    }

    /** Makes a link to a snapshot for a browser, if the user may have one. */
    @Summary(
            value = "Makes a link to a snapshot for a browser, if the user may have one.",
            status = 201,
            problems = 429)
    @PostMapping("/links")
    ResponseEntity<Link> link(RestRequest request) throws IOException {
        RestCaller caller = current(request);
        limit.enter();
        try (SnapshotDownload download = SnapshotDownload.begin(services, caller, request.gone())) {
            long bytes = SnapshotDownload.length(download.first());
            String path = "/api/v1/snapshot?link=" + links.make(caller, clock.nanos());
            return ResponseEntity.status(HttpStatus.CREATED)
                    .body(new Link(path, SnapshotLinks.VALID.toSeconds(), bytes));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the member is stopping");
        } finally {
            limit.leave();
        }
    }

    /** The caller with a token that counts: this call has another one made if it does not any more. */
    private static RestCaller current(RestRequest request) {
        request.call(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
        return request.caller();
    }
}
