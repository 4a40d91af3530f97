package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.MemberExtension;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeRequest.SortOrder;
import io.quorate.proto.RangeRequest.SortTarget;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RangeStreamResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed ranges against one member: whatever the parts, together they are what a range answers. */
class RangeStreamIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private void fill(int keys, int valueBytes) {
        for (int i = 0; i < keys; i++) {
            MEMBER.grpc()
                    .kv()
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8(MEMBER.prefix() + String.format(Locale.ROOT, "%05d", i)))
                            .setValue(ByteString.copyFrom(new byte[valueBytes]))
                            .build());
        }
    }

    private RangeRequest.Builder all() {
        return RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(MEMBER.prefix()))
                .setRangeEnd(ByteString.copyFromUtf8(MEMBER.prefix().replace('/', '0')));
    }

    private static List<RangeResponse> parts(RangeRequest request) {
        Iterator<RangeStreamResponse> stream = MEMBER.grpc().kv().rangeStream(request);
        List<RangeResponse> parts = new ArrayList<>();
        stream.forEachRemaining(part -> parts.add(part.getRangeResponse()));
        return parts;
    }

    private static RangeResponse merged(List<RangeResponse> parts) {
        RangeResponse.Builder all = RangeResponse.newBuilder();
        parts.forEach(all::mergeFrom);
        return all.build();
    }

    private static void assertSame(RangeRequest request) {
        assertThat(merged(parts(request))).isEqualTo(MEMBER.grpc().kv().range(request));
    }

    @Test
    void streamWhenMergedIsTheRange() {
        fill(300, 10);
        List<UnaryOperator<RangeRequest.Builder>> variants = List.of(
                request -> request,
                request -> request.setLimit(7),
                request -> request.setLimit(10),
                request -> request.setLimit(299),
                request -> request.setLimit(300),
                request -> request.setLimit(1000),
                request -> request.setKeysOnly(true),
                request -> request.setSerializable(true),
                request -> request.setCountOnly(true),
                request -> request.setSortOrder(SortOrder.ASCEND),
                request -> request.setSortTarget(SortTarget.MOD),
                request -> request.setSortTarget(SortTarget.VALUE),
                request -> request.setSortTarget(SortTarget.VALUE).setLimit(30),
                request -> request.setSortTarget(SortTarget.VALUE).setKeysOnly(true),
                request -> request.setSortTarget(SortTarget.VALUE).setCountOnly(true),
                request -> request.setRangeEnd(ByteString.EMPTY),
                request -> request.setRangeEnd(ByteString.copyFrom(new byte[1])));
        List<RangeRequest> requests =
                variants.stream().map(variant -> variant.apply(all()).build()).toList();
        assertThat(requests).hasSize(17).allSatisfy(RangeStreamIT::assertSame);
    }

    /** So that the order of values is not that of keys. */
    private void fillDescending(int keys) {
        for (int i = 0; i < keys; i++) {
            MEMBER.grpc().put(MEMBER.prefix() + String.format(Locale.ROOT, "%05d", i), "v" + (keys * 2 - i));
        }
    }

    @Test
    void streamWhenItsTargetIsTheValueSortsAscending() {
        fillDescending(25);
        List<RangeResponse> parts = parts(all().setSortTarget(SortTarget.VALUE).build());
        assertThat(parts).hasSizeGreaterThan(1);
        assertThat(merged(parts).getKvsList())
                .hasSize(25)
                .isSortedAccordingTo(
                        Comparator.comparing(each -> each.getValue().toStringUtf8()));
        assertSame(all().setSortTarget(SortTarget.VALUE).build());
    }

    @Test
    void streamWhenItAsksForAnOldRevisionHasTheNewestInItsHeader() {
        fill(3, 1);
        long old = MEMBER.grpc().get("none").getHeader().getRevision();
        fill(3, 2);
        long newest = MEMBER.grpc().get("none").getHeader().getRevision();
        RangeResponse part = parts(all().setRevision(old).build()).getLast();
        assertThat(part.getHeader().getRevision()).isEqualTo(newest);
        assertThat(part.getKvs(0).getModRevision()).isLessThanOrEqualTo(old);
    }

    @Test
    void streamWhenLongHasTheHeaderInItsLastPartOnly() {
        fill(100, 10);
        List<RangeResponse> parts = parts(all().build());
        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(parts.getFirst().getKvsCount()).isEqualTo(10);
        assertThat(parts.subList(0, parts.size() - 1))
                .allSatisfy(part -> assertThat(part.hasHeader() || part.getMore() || part.getCount() > 0)
                        .isFalse());
        assertThat(parts.getLast().getCount()).isEqualTo(100);
        assertThat(parts.getLast().hasHeader()).isTrue();
    }

    @Test
    void streamWhenValuesAreLargeHasSmallerParts() {
        fill(24, 1 << 20);
        List<RangeResponse> parts = parts(all().build());
        assertThat(parts.stream().map(RangeResponse::getKvsCount)).containsExactly(10, 5, 2, 2, 2, 2, 1);
    }

    @Test
    void streamWhenNothingIsThereHasOnePart() {
        assertThat(parts(all().build())).singleElement().satisfies(part -> {
            assertThat(part.getCount()).isZero();
            assertThat(part.getHeader().getRevision()).isPositive();
        });
    }

    @Test
    void streamWhenKeysChangeMeanwhileShowsTheFirstState() {
        fill(200, 10);
        Iterator<RangeStreamResponse> stream = MEMBER.grpc().kv().rangeStream(all().build());
        RangeResponse first = stream.next().getRangeResponse();
        long revision = MEMBER.grpc().get(MEMBER.prefix() + "00000").getHeader().getRevision();
        fill(200, 20);
        List<RangeResponse> parts = new ArrayList<>(List.of(first));
        stream.forEachRemaining(part -> parts.add(part.getRangeResponse()));
        assertThat(merged(parts).getKvsList())
                .hasSize(200)
                .allSatisfy(key -> assertThat(key.getModRevision()).isLessThanOrEqualTo(revision));
        assertThat(parts.getLast().getHeader().getRevision()).isEqualTo(revision);
    }

    @Test
    void streamWhenItsRevisionIsCompactedIsRefused() {
        fill(2, 1);
        long revision = MEMBER.grpc().get("none").getHeader().getRevision();
        MEMBER.grpc().compact(revision);
        assertThatThrownBy(() -> parts(all().setRevision(revision - 1).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort", "filter", "both"})
    void streamWhenItCannotBeInKeyOrderIsRefused(String what) {
        RangeRequest.Builder request = all();
        if (!what.equals("filter")) {
            request.setSortOrder(SortOrder.DESCEND);
        }
        if (!what.equals("sort")) {
            request.setMinModRevision(1);
        }
        String text = what.equals("filter")
                ? "RangeStream does not support revision filters"
                : "RangeStream does not support custom sort orders";
        assertThatThrownBy(() -> parts(request.build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refusal -> {
                    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
                    assertThat(refusal.getStatus().getDescription()).isEqualTo(text);
                });
    }
}
