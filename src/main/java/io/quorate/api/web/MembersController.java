package io.quorate.api.web;

import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.Member;
import io.quorate.proto.MemberAddRequest;
import io.quorate.proto.MemberAddResponse;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.MemberListResponse;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.MemberRemoveRequest;
import io.quorate.proto.MemberUpdateRequest;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Members of the cluster. Ids are in hexadecimal, as etcd's tools show them. */
@RestController
@RequestMapping("/api/v1/members")
class MembersController {

    /** A member; {@code name} and {@code clientUrls} are empty until it has started. */
    record MemberView(String id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

        static MemberView of(Member member) {
            return new MemberView(
                    Long.toHexString(member.getID()),
                    member.getName(),
                    List.copyOf(member.getPeerURLsList()),
                    List.copyOf(member.getClientURLsList()),
                    member.getIsLearner());
        }
    }

    /** All members. */
    record MemberList(List<MemberView> members) {

        static MemberList of(List<Member> members) {
            return new MemberList(members.stream().map(MemberView::of).toList());
        }
    }

    /** A member to be; {@code learner} has no vote. */
    record NewMember(@Nullable List<String> peerUrls, boolean learner) {}

    /** Other addresses of a member. */
    record NewUrls(@Nullable List<String> peerUrls) {}

    /** Lists members. */
    @Summary("Lists members.")
    @GetMapping
    MemberList list(RestRequest request, @RequestParam(required = false) @Nullable String serializable) {
        MemberListResponse found = request.call(
                ClusterGrpc.getMemberListMethod(),
                MemberListRequest.newBuilder()
                        .setLinearizable(!Parameters.flag("serializable", serializable))
                        .build());
        return MemberList.of(found.getMembersList());
    }

    /** Adds a member, which is started afterwards. */
    @Summary(value = "Adds a member, which is started afterwards.", status = 201, problems = 409)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<MemberView> add(RestRequest request, @RequestBody NewMember body) {
        MemberAddResponse added = request.call(
                ClusterGrpc.getMemberAddMethod(),
                MemberAddRequest.newBuilder()
                        .addAllPeerURLs(urls(body.peerUrls()))
                        .setIsLearner(body.learner())
                        .build());
        MemberView member = MemberView.of(added.getMember());
        return ResponseEntity.created(URI.create("/api/v1/members/" + member.id()))
                .body(member);
    }

    /** Gives a member other addresses. */
    @Summary(
            value = "Gives a member other addresses.",
            problems = {404, 409})
    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    MemberList update(RestRequest request, @PathVariable String id, @RequestBody NewUrls body) {
        return MemberList.of(request.call(
                        ClusterGrpc.getMemberUpdateMethod(),
                        MemberUpdateRequest.newBuilder()
                                .setID(Parameters.id("id", id))
                                .addAllPeerURLs(urls(body.peerUrls()))
                                .build())
                .getMembersList());
    }

    /** Makes a learner a voter. */
    @Summary(
            value = "Makes a learner a voter.",
            problems = {404, 409})
    @PostMapping("/{id}/promote")
    MemberList promote(RestRequest request, @PathVariable String id) {
        return MemberList.of(request.call(
                        ClusterGrpc.getMemberPromoteMethod(),
                        MemberPromoteRequest.newBuilder()
                                .setID(Parameters.id("id", id))
                                .build())
                .getMembersList());
    }

    /** Removes a member. */
    @Summary(
            value = "Removes a member.",
            problems = {404, 409})
    @DeleteMapping("/{id}")
    MemberList remove(RestRequest request, @PathVariable String id) {
        return MemberList.of(request.call(
                        ClusterGrpc.getMemberRemoveMethod(),
                        MemberRemoveRequest.newBuilder()
                                .setID(Parameters.id("id", id))
                                .build())
                .getMembersList());
    }

    private static List<String> urls(@Nullable List<String> urls) {
        if (urls == null || urls.stream().anyMatch(url -> url == null)) {
            throw Problem.field("peer_urls", "a list of URLs");
        }
        return urls;
    }
}
