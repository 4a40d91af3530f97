// Who uses the page. The token lives in this module only: it is gone when the page is left.

class Session extends EventTarget {
  token = null;
  user = null;
  authOn = false;
  mayWriteAnyway = false;

  /** Whether the page offers changes. What is allowed is decided by the member, for each call. */
  get writable() {
    return this.mayWriteAnyway || this.token !== null;
  }

  setUp(settings, authOn) {
    this.mayWriteAnyway = settings.writable === true;
    this.authOn = authOn;
  }

  signIn(user, token) {
    this.user = user;
    this.token = token;
    this.authOn = true;
    this.dispatchEvent(new Event("change"));
  }

  signOut() {
    this.user = null;
    this.token = null;
    this.dispatchEvent(new Event("change"));
  }

  /** The member wants a login: there is none, or it does not count any more. */
  expired() {
    const had = this.token !== null;
    this.authOn = true;
    this.user = null;
    this.token = null;
    this.dispatchEvent(new Event(had ? "change" : "wanted"));
  }
}

export const session = new Session();
