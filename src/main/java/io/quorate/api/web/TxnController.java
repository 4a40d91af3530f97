package io.quorate.api.web;

import io.quorate.proto.KVGrpc;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Transactions. */
@RestController
class TxnController {

    /** Makes a transaction. */
    @Summary(
            value = "Makes a transaction.",
            problems = {404, 410, 507})
    @PostMapping(path = "/api/v1/txn", consumes = MediaType.APPLICATION_JSON_VALUE)
    TxnAnswer txn(RestRequest request, @RequestBody TxnBody body) {
        return TxnAnswer.of(request.call(KVGrpc.getTxnMethod(), body.request("")));
    }
}
