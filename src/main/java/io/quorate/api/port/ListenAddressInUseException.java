package io.quorate.api.port;

/** Another process (or another listener of this one) already has an address the client port was told to listen on. */
public final class ListenAddressInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ListenAddress address;

    public ListenAddressInUseException(ListenAddress address, Throwable cause) {
        super("address " + address + " is already in use", cause);
        this.address = address;
    }

    /** The address that is taken. */
    public ListenAddress address() {
        return address;
    }
}
