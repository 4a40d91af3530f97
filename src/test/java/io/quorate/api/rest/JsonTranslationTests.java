package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import io.quorate.proto.AlarmMember;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.AlarmType;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.HashResponse;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The translator against protobuf's own JSON support, which is slower and more lenient but right. */
class JsonTranslationTests {

    private final Map<String, MessageLayout> layouts = new HashMap<>();

    @Test
    void printWhenMessagesAreVariedAgreesWithProtobuf() throws Exception {
        for (Message message : samples()) {
            String expected = JsonFormat.printer().preservingProtoFieldNames().print(message);
            assertThat(JsonParser.parseString(print(message)))
                    .as(message.getDescriptorForType().getFullName())
                    .isEqualTo(JsonParser.parseString(expected));
        }
    }

    @Test
    void parseWhenTextComesFromProtobufRestoresTheMessage() throws Exception {
        for (Message message : samples()) {
            String protoNames = JsonFormat.printer().preservingProtoFieldNames().print(message);
            String camelCase = JsonFormat.printer().print(message);
            assertThat(parse(protoNames, message)).isEqualTo(message);
            assertThat(parse(camelCase, message)).isEqualTo(message);
        }
    }

    private static List<Message> samples() {
        byte[] noise = new byte[300];
        new Random(42).nextBytes(noise);
        KeyValue kv = KeyValue.newBuilder()
                .setKey(ByteString.copyFrom(noise))
                .setValue(ByteString.copyFromUtf8("v"))
                .setCreateRevision(Long.MAX_VALUE)
                .setModRevision(Long.MIN_VALUE)
                .setVersion(1)
                .setLease(-1)
                .build();
        ResponseHeader header = ResponseHeader.newBuilder()
                .setClusterId(-1)
                .setMemberId(Long.MIN_VALUE)
                .setRevision(9)
                .build();
        TxnRequest inner = TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setSortOrder(RangeRequest.SortOrder.DESCEND)))
                .build();
        return List.of(
                PutRequest.getDefaultInstance(),
                RangeResponse.newBuilder()
                        .setHeader(header)
                        .addKvs(kv)
                        .addKvs(KeyValue.getDefaultInstance())
                        .addKvs(kv)
                        .setMore(true)
                        .setCount(3)
                        .build(),
                TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder()
                                .setTarget(Compare.CompareTarget.VERSION)
                                .setResult(Compare.CompareResult.GREATER)
                                .setKey(ByteString.copyFromUtf8("k"))
                                .setVersion(0))
                        .addSuccess(RequestOp.newBuilder().setRequestTxn(inner))
                        .addSuccess(RequestOp.newBuilder()
                                .setRequestPut(PutRequest.newBuilder().setIgnoreLease(true)))
                        .addFailure(RequestOp.newBuilder()
                                .setRequestDeleteRange(
                                        DeleteRangeRequest.newBuilder().setKey(ByteString.copyFrom(noise))))
                        .build(),
                WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder()
                                .addFilters(WatchCreateRequest.FilterType.NODELETE)
                                .addFilters(WatchCreateRequest.FilterType.NOPUT)
                                .setFragment(true))
                        .build(),
                WatchResponse.newBuilder()
                        .setCancelReason("quote \" slash \\ line\n tab\t bell\u0007 é 🦜")
                        .addEvents(Event.newBuilder()
                                .setType(Event.EventType.DELETE)
                                .setKv(kv)
                                .setPrevKv(kv))
                        .addEvents(Event.newBuilder().setKv(kv))
                        .build(),
                AlarmResponse.newBuilder()
                        .addAlarms(AlarmMember.newBuilder().setMemberID(5).setAlarm(AlarmType.CORRUPT))
                        .build(),
                HashResponse.newBuilder().setHash(-5).build(),
                LeaseGrantResponse.newBuilder()
                        .setID(-7)
                        .setTTL(60)
                        .setError("x")
                        .build());
    }

    @Test
    void parseWhenIntegersAreSpeltDifferentlyTakesThemAll() {
        assertThat(range("{\"limit\":\"7\",\"revision\":8,\"min_mod_revision\":1e3,\"max_mod_revision\":5.0}"))
                .isEqualTo(RangeRequest.newBuilder()
                        .setLimit(7)
                        .setRevision(8)
                        .setMinModRevision(1000)
                        .setMaxModRevision(5)
                        .build());
        assertThat(range("{\"limit\":\"-9223372036854775808\"}").getLimit()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void parseWhenBase64IsUrlSafeOrUnpaddedTakesIt() {
        assertThat(range("{\"key\":\"-_8=\"}").getKey()).isEqualTo(bytes(0xfb, 0xff));
        assertThat(range("{\"key\":\"+\\/8\"}").getKey()).isEqualTo(bytes(0xfb, 0xff));
    }

    @Test
    void parseWhenEnumIsNumberOrNullIsGivenTakesIt() {
        assertThat(range("{\"sort_order\":2,\"sort_target\":\"MOD\",\"key\":null,\"serializable\":true}"))
                .isEqualTo(RangeRequest.newBuilder()
                        .setSortOrder(RangeRequest.SortOrder.DESCEND)
                        .setSortTarget(RangeRequest.SortTarget.MOD)
                        .setSerializable(true)
                        .build());
    }

    @Test
    void parseWhenFieldsAreUnknownSkipsThem() {
        assertThat(range("{\"a\":{\"b\":[1,-2.5e3,\"x\\\"\",{}],\"c\":null},\"limit\":1,\"z\":[]}")
                        .getLimit())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"key\"",
                "{\"key\":",
                "{\"key\":\"aa",
                "{\"key\":\"YQ==\"",
                "[]",
                "{key:\"YQ==\"}",
                "{'key':'YQ=='}",
                "{\"key\":1}",
                "{\"key\":\"?\"}",
                "{\"limit\":1.5}",
                "{\"limit\":\"x\"}",
                "{\"limit\":9223372036854775808}",
                "{\"limit\":1e999999999}",
                "{\"limit\":01}",
                "{\"limit\":{}}",
                "{\"serializable\":\"true\"}",
                "{\"serializable\":1}",
                "{\"key\":\"YQ==\",}",
                "{\"x\":nul}",
                "{\"x\":[1 2]}",
                "{\"x\":\"\\q\"}",
                "{\"limit\":\"\"}",
                "{\"key\":\"a\nb\"}"
            })
    void parseWhenTextIsWrongRefusesWithOwnWords(String text) {
        assertThatThrownBy(() -> parse(text, RangeRequest.getDefaultInstance()))
                .isInstanceOf(JsonSyntaxException.class)
                .message()
                .isNotBlank()
                .doesNotContain("Exception", "java", "google");
    }

    @Test
    void parseWhenTheNameOfAnEnumIsUnknownIgnoresIt() {
        assertThat(range("{\"sort_order\":\"UP\",\"limit\":1}"))
                .isEqualTo(RangeRequest.newBuilder().setLimit(1).build());
        assertThat(parse("{\"filters\":[\"NOPUT\",\"BOGUS\",1]}", WatchCreateRequest.getDefaultInstance()))
                .isEqualTo(WatchCreateRequest.newBuilder()
                        .addFilters(WatchCreateRequest.FilterType.NOPUT)
                        .addFilters(WatchCreateRequest.FilterType.NODELETE)
                        .build());
    }

    @Test
    void parseWhenAFieldIsGivenTwiceRefusesTheSecond() {
        assertThatThrownBy(() -> range("{\"key\":\"YQ==\",\"key\":\"Yg==\"}"))
                .hasMessage("proto: (line 1:15): duplicate field \"key\"");
        assertThatThrownBy(() -> range("{\"sortOrder\":1,\n  \"sort_order\":null}"))
                .hasMessage("proto: (line 2:3): duplicate field \"sort_order\"");
        assertThat(range("{\"x\":1,\"x\":2,\"limit\":1}").getLimit()).isEqualTo(1);
    }

    @Test
    void parseWhenTwoFieldsOfAOneofAreGivenRefusesTheSecond() {
        assertThatThrownBy(() -> parse(
                        "{\"request_put\":{\"key\":\"YQ==\"},\"request_range\":{}}", RequestOp.getDefaultInstance()))
                .hasMessage("proto: (line 1:31): error parsing \"request_range\", oneof"
                        + " etcdserverpb.RequestOp.request is already set");
        assertThat(parse("{\"request_put\":null,\"request_range\":{}}", RequestOp.getDefaultInstance()))
                .isEqualTo(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.getDefaultInstance())
                        .build());
    }

    @Test
    void parseWhenNestedTooDeeplyRefuses() {
        String text = "{\"x\":" + "[".repeat(10_000);
        assertThatThrownBy(() -> range(text))
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessage("invalid character '[' exceeded max depth");
    }

    /** Written in Latin-1, byte for byte; texts and columns are those of etcd 3.7.1. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"key\":\"\u00ff\u00fe\"}|8",
                "{\"k\u00ffy\":\"YQ==\"}|2",
                "{\"key\":\"YQ==\",\"key\u00ff\":1}|15",
                "{\"other\":\"a\u00c3(\"}|10",
                "{\"other\":[{\"a\":\"\u00ed\u00a0\u0080\"}]}|16",
                "{\"key\":\"YQ==\",\"sort_order\":\"AS\u00ff\"}|28",
                "{\"key\":\"YQ==\",\"range_end\":\"YQ==\u00ff\"}|27",
                "{\"key\":\"YQ==\",\"limit\":\"1\u00ff\"}|23"
            })
    void parseWhenAStringIsNotUtf8Refuses(String text, int column) {
        assertThatThrownBy(() -> parse(text.getBytes(StandardCharsets.ISO_8859_1), RangeRequest.getDefaultInstance()))
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessage("proto: syntax error (line 1:" + column + "): invalid UTF-8 in string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\ud800b", "\\udc00", "\\ud800\\ud800", "\\udc00\\ud800"})
    void parseWhenAnEscapeIsHalfACharacterRefuses(String escape) {
        assertThatThrownBy(() -> range("{\"sort_order\":\"" + escape + "\"}"))
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessageContaining("escape");
        assertThatThrownBy(() -> range("{\"" + escape + "\":1}"))
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessageContaining("escape");
    }

    private RangeRequest range(String text) {
        return (RangeRequest) parse(text, RangeRequest.getDefaultInstance());
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        Arrays.setAll(new Object[values.length], i -> bytes[i] = (byte) values[i]);
        return ByteString.copyFrom(bytes);
    }

    private Message parse(String text, Message type) {
        return parse(text.getBytes(StandardCharsets.UTF_8), type);
    }

    private Message parse(byte[] json, Message type) {
        ByteSink wire = new ByteSink(16);
        JsonToWire.translate(new JsonCursor(json, 0, json.length), layout(type.getDescriptorForType()), wire);
        try {
            return type.getParserForType().parseFrom(wire.array(), 0, wire.size());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private String print(Message message) {
        ByteSink json = new ByteSink(16);
        WireToJson.translate(message.toByteArray(), layout(message.getDescriptorForType()), json);
        return new String(json.array(), 0, json.size(), StandardCharsets.UTF_8);
    }

    private MessageLayout layout(Descriptor type) {
        return MessageLayout.of(type, layouts);
    }
}
