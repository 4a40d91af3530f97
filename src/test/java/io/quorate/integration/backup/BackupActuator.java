package io.quorate.integration.backup;

import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The actuator's endpoint for backups, as operators ask it. */
final class BackupActuator {

    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");
    private static final Pattern LAG = Pattern.compile("\"lagSeconds\":([0-9.E-]+)");

    private BackupActuator() {}

    /** The answer to a GET, or why there is none. */
    static String read(TestMember member) {
        return call(member, "GET");
    }

    /** Asks for a full backup; the answer, or why there is none. */
    static String request(TestMember member) {
        return call(member, "POST");
    }

    private static String call(TestMember member, String method) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(member.managementUrl() + "/actuator/backup"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether the member makes the backups. */
    static boolean isActive(String answer) {
        return answer.contains("\"active\":true");
    }

    /** The newest revision that an answer says can be restored; 0 if it says none. */
    static long revision(String answer) {
        Matcher found = REVISION.matcher(answer);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    /** For how many seconds what was written cannot be restored, by an answer that says so. */
    static double lag(String answer) {
        Matcher found = LAG.matcher(answer);
        if (!found.find()) {
            throw new IllegalArgumentException(answer);
        }
        return Double.parseDouble(found.group(1));
    }
}
