package io.quorate.api.web;

import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** How the answer shows a value: as part of an object with all that is known of the key, or alone. */
enum ValueForm {
    OBJECT(MediaType.APPLICATION_JSON),
    TEXT(MediaType.parseMediaType("text/plain;charset=UTF-8")),
    BYTES(MediaType.APPLICATION_OCTET_STREAM);

    private final MediaType type;

    ValueForm(MediaType type) {
        this.type = type;
    }

    /**
     * The form that a client likes best.
     *
     * @throws Problem if it likes none
     */
    static ValueForm wanted(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return OBJECT;
        }
        List<MediaType> types = AcceptedForms.parse(accept);
        List<MediaType> liked = types.stream()
                .sorted((one, other) -> Double.compare(other.getQualityValue(), one.getQualityValue()))
                .toList();
        for (MediaType one : liked) {
            for (ValueForm form : values()) {
                if (one.getQualityValue() > 0 && one.includes(form.type)) {
                    return form;
                }
            }
        }
        throw AcceptedForms.none("accept application/json, text/plain or application/octet-stream");
    }

    /** The answer about a key, read at a revision. */
    ResponseEntity<?> answer(KeyValue record, long revision, boolean keyOnly) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
                .eTag(EntityTag.of(record.getModRevision()))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .header("X-Quorate-Revision", Long.toString(revision))
                .header("X-Quorate-Create-Revision", Long.toString(record.getCreateRevision()))
                .header("X-Quorate-Version", Long.toString(record.getVersion()))
                .contentType(type);
        String lease = Parameters.hex(record.getLease());
        if (lease != null) {
            answer.header("X-Quorate-Lease", lease);
        }
        if (this == OBJECT) {
            return answer.body(KeyView.of(record, keyOnly));
        }
        if (this == TEXT && !record.getValue().isValidUtf8()) {
            throw AcceptedForms.none("the value is no text: accept application/octet-stream");
        }
        return answer.body(record.getValue().toByteArray());
    }
}
