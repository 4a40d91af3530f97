package io.quorate.api.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.MappingMatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A request whose body has been read: it is complete, within its limit, and accounted for. */
final class ReadRequest extends HttpServletRequestWrapper {

    private static final int STEP_BYTES = 32 * 1024;
    private static final byte[] NOTHING = {};

    private static final HttpServletMapping WHOLE_PATH = new HttpServletMapping() {
        @Override
        public String getMatchValue() {
            return "";
        }

        @Override
        public String getPattern() {
            return "/";
        }

        @Override
        public String getServletName() {
            return "rest";
        }

        @Override
        public MappingMatch getMappingMatch() {
            return MappingMatch.DEFAULT;
        }
    };

    private final byte[] body;

    private ReadRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    /**
     * Reads the body.
     *
     * @param most how long it may be
     * @throws Problem if it is longer, or there is no memory for it
     */
    static ReadRequest of(HttpServletRequest request, RequestMemory memory, long most) throws IOException {
        boolean bodyless =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return new ReadRequest(request, bodyless ? NOTHING : read(request, memory, most));
    }

    private static byte[] read(HttpServletRequest request, RequestMemory memory, long most) throws IOException {
        if (request.getContentLengthLong() > most) {
            throw Problem.tooLarge(most);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] step = new byte[STEP_BYTES];
        InputStream in = request.getInputStream();
        for (int read = in.read(step); read >= 0; read = in.read(step)) {
            memory.need(2L * read); // the stream has some to spare, and the copy made of it
            body.write(step, 0, read);
            if (body.size() > most) {
                throw Problem.tooLarge(most);
            }
        }
        return body.toByteArray();
    }

    /** The whole path is for Spring to map, of which a servlet for a part of all paths would leave out the beginning. */
    @Override
    public HttpServletMapping getHttpServletMapping() {
        return WHOLE_PATH;
    }

    @Override
    public String getServletPath() {
        return getRequestURI();
    }

    @Override
    public @Nullable String getPathInfo() {
        return null;
    }

    @Override
    public ServletInputStream getInputStream() {
        return new ReadBody(new ByteArrayInputStream(body));
    }

    private static final class ReadBody extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        ReadBody(ByteArrayInputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return bytes.read(into, from, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("the body has been read");
        }
    }
}
