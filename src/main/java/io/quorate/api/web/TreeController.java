package io.quorate.api.web;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Keys as a tree: one level of it at a time. */
@RestController
class TreeController {

    /**
     * What is read.
     *
     * @param encoding of the prefix in the path, and of {@code from}: text, base64 or hex
     * @param separator of levels, text; a slash if it is not given
     * @param from the first key or branch that is shown
     * @param next where the page before said it goes on
     */
    record TreeQuery(
            @Nullable String encoding,
            @Nullable String separator,
            @Nullable String from,
            @BindParam("continue") @Nullable String next,
            @Nullable Integer limit,
            @Nullable String serializable) {}

    /** Lists what is directly below a prefix: keys, and branches with keys below them. */
    @Summary("Lists what is directly below a prefix: keys, and branches with keys below them.")
    @GetMapping("/api/v1/tree/{key}")
    TreeLevel level(RestRequest request, @PathVariable String key, @ModelAttribute TreeQuery query) {
        int limit = query.limit() == null ? KeyPage.LIMIT_USUAL : query.limit();
        return TreeLevel.read(
                request,
                TreeLevel.Place.of(ByteText.fromPath(key, query.encoding()), query),
                Math.toIntExact(Parameters.within("limit", limit, 1, TreeLevel.LIMIT_MAX)),
                Parameters.flag("serializable", query.serializable()));
    }
}
