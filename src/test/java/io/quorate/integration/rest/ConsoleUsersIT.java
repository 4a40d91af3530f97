package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the console offers to whom, in a real browser. */
class ConsoleUsersIT {

    @RegisterExtension
    static final ConsoleExtension CONSOLE = new ConsoleExtension(Map.of());

    private static void addUser(String name) {
        RestClient client = CONSOLE.client();
        client.json("POST", "/api/v1/users", "{\"name\":\"%1$s\",\"password\":\"%1$s-pass\"}".formatted(name))
                .is(201);
        client.json("POST", "/api/v1/roles", "{\"name\":\"" + name + "\"}").is(201);
        client.send("PUT", "/api/v1/users/" + name + "/roles/" + name, new byte[0])
                .is(204);
    }

    /** What was entered stays, and is saved once somebody has signed in again. */
    private static void savesAfterItsLoginExpired(Tab tab) {
        tab.value("location.hash = '#/key/a/1'");
        tab.until("document.querySelector('.detail textarea')?.value === 'changed'")
                .edit("kept");
        tab.value("import('./session.js').then(m => { m.session.token = 'no.1'; })");
        tab.press("Save").enter("Name", "root").enter("Password", "root-pass").click("dialog .main");
        tab.shows("Signed in.");
        assertThat(tab.value("document.querySelector('.detail textarea').value").asString())
                .isEqualTo("kept");
        tab.press("Save").shows("Saved.");

        String nameless = "import('./api.js').then(m => m.call('POST', 'users', {json: {name: '', password: 'x'}}))";
        assertThat(tab.value(nameless + ".catch(refused => refused.status)").asInt())
                .isEqualTo(400);
        assertThat(tab.text()).contains("Sign out");
    }

    @Test
    void pageWhenNobodyHasSignedInIsReadOnlyAndOffersWhatAUserMay() {
        RestClient client = CONSOLE.client();
        client.put("/api/v1/keys/a/1", "one").is(200);
        client.put("/api/v1/keys/b/1", "two").is(200);
        Tab tab = CONSOLE.open("/key/a/1").shows("read-only");
        tab.until("document.querySelector('.detail textarea')?.value === 'one'");
        assertThat(tab.value("document.querySelector('.detail textarea').readOnly")
                        .asBoolean())
                .isTrue();
        assertThat(tab.text()).doesNotContain("Save", "Delete", "New key");
        assertThat(CONSOLE.open("/cluster").shows("leader, this member").text())
                .doesNotContain("Defragment", "Compact", "Remove");

        addUser("root");
        addUser("alice");
        client.json(
                        "POST",
                        "/api/v1/roles/alice/permissions",
                        "{\"type\":\"readwrite\",\"key\":\"a/\",\"prefix\":true}")
                .is(204);
        client.send("PUT", "/api/v1/auth", new byte[0]).is(204);

        Tab signed = CONSOLE.open("/key/a/1").shows("Sign in").picture("login");
        signed.enter("Name", "alice").enter("Password", "wrong").click("dialog .main");
        signed.shows("authentication failed");
        signed.press("Sign in")
                .enter("Name", "alice")
                .enter("Password", "alice-pass")
                .click("dialog .main");
        signed.shows("Sign out").edit("changed").press("Save").shows("Saved.");
        signed.value("location.hash = '#/keys/b/'");
        signed.shows("etcdserver: permission denied");
        savesAfterItsLoginExpired(signed);
        assertThat(signed.value("localStorage.length + sessionStorage.length + document.cookie.length")
                        .asInt())
                .isZero();

        signed.value("location.reload()");
        signed.until("document.querySelector('dialog')").shows("read-only");
        assertThat(signed.text()).doesNotContain("Sign out");
    }
}
