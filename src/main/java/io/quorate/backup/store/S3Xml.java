package io.quorate.backup.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An answer of a bucket in XML, as far as it matters: values of the root, and of the elements of lists below it. Nothing outside of it is
 * ever fetched.
 *
 * @param root the name of the root
 * @param values the text of each element that lies directly in the root and has no elements itself
 * @param lists for each element directly in the root that has elements, the values of those; by its name
 */
record S3Xml(String root, Map<String, String> values, Map<String, List<Map<String, String>>> lists) {

    private static final int ITEM = 2;
    private static final int VALUE = 3;

    /** @throws IOException if it is no such XML */
    static S3Xml parse(byte[] bytes) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            return read(factory.createXMLStreamReader(new ByteArrayInputStream(bytes)));
        } catch (XMLStreamException e) {
            throw new IOException("an answer of the bucket cannot be read: " + e.getMessage(), e);
        }
    }

    private static S3Xml read(XMLStreamReader reader) throws XMLStreamException {
        String root = "";
        Map<String, String> values = new HashMap<>();
        Map<String, List<Map<String, String>>> lists = new HashMap<>();
        Map<String, String> item = new HashMap<>();
        StringBuilder text = new StringBuilder();
        int depth = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    text.setLength(0);
                    if (depth == 1) {
                        root = reader.getLocalName();
                    } else if (depth == ITEM) {
                        item = new HashMap<>();
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    String name = reader.getLocalName();
                    if (depth == VALUE) {
                        item.put(name, text.toString());
                    } else if (depth == ITEM && item.isEmpty()) {
                        values.put(name, text.toString());
                    } else if (depth == ITEM) {
                        lists.computeIfAbsent(name, absent -> new ArrayList<>()).add(item);
                    }
                    depth--;
                }
                default -> {
                    // comments and the like say nothing
                }
            }
        }
        return new S3Xml(root, values, lists);
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    List<Map<String, String>> list(String name) {
        return lists.getOrDefault(name, List.of());
    }
}
