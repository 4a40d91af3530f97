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
    this.dispatchEvent(new Event("left"));
  }

  /** The member wants a login: there is none, or the token of a call does not count any more. */
  expired(token) {
    if (token !== this.token) {
      return; // another login has come meanwhile
    }
    this.authOn = true;
    this.user = null;
    this.token = null;
    if (token !== null) {
      this.dispatchEvent(new Event("change"));
    }
    this.dispatchEvent(new Event("wanted"));
  }
}

export const session = new Session();
