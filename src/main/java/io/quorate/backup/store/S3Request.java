package io.quorate.backup.store;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * A request to a bucket.
 *
 * @param method what is asked
 * @param path of the object or bucket
 * @param query parameters; an empty value stands for none
 * @param headers beside those of the signature
 * @param body the first bytes of an array
 * @param length how many of them
 */
@SuppressWarnings("ArrayRecordComponent") // a part of an upload is not copied
record S3Request(
        SdkHttpMethod method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        int length) {

    private static final byte[] NOTHING = {};

    static S3Request of(SdkHttpMethod method, String path) {
        return new S3Request(method, path, Map.of(), Map.of(), NOTHING, 0);
    }

    S3Request query(String name, String value) {
        Map<String, String> more = new TreeMap<>(query);
        more.put(name, value);
        return new S3Request(method, path, more, headers, body, length);
    }

    S3Request header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new S3Request(method, path, query, more, body, length);
    }

    S3Request body(byte[] bytes, int count) {
        return new S3Request(method, path, query, headers, bytes, count);
    }
}
