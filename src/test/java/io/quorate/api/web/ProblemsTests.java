package io.quorate.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ProblemsTests {

    private static String problem(String body, Class<?> type) {
        Throwable cause = catchThrowable(() -> RestJson.MAPPER.readValue(body, type));
        return String.valueOf(Problems.unreadable(cause).getMessage());
    }

    @ParameterizedTest
    @ValueSource(classes = {JsonNode.class, Map.class, NewValue.Body.class, TxnBody.class})
    void bodyWhenNestedTooDeepIsSaidToBe(Class<?> type) {
        String lists = "[".repeat(200) + "]".repeat(200);
        assertThat(problem("{\"value\":" + lists + ",\"then\":" + lists + "}", type))
                .contains("body: nested deeper than 100 levels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "{\"a\":1}}", "x"})
    void bodyWhenItIsNoJsonIsSaidToBe(String body) {
        assertThat(problem(body, JsonNode.class)).contains("body: not");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 200_000})
    void bodyWhenANumberIsTooLongSaysSo(int digits) {
        assertThat(problem("{\"a\":" + "1".repeat(digits) + "}", JsonNode.class))
                .contains("body: a name, number or text");
    }
}
