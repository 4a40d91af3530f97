# The image of a member, from the jar that was tested: mvn package, then
#
#   docker build -t quorate:0.1.0 .
#
# Both bases must have the same Java 25: the record of a start is only valid for the very JVM that made it.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG JRE_IMAGE=docker.io/library/eclipse-temurin:25-jre

# Takes the jar apart, with the native library of this platform beside it
FROM ${JDK_IMAGE} AS unpack
COPY bin /build/bin
COPY target/quorate-*.jar /build/target/
RUN QUORATE_APP=/app /build/bin/quorate unpack

# Starts a member once and records what it loads (an AOT cache), which halves the time of later starts
FROM ${JRE_IMAGE} AS record
COPY bin /build/bin
COPY --from=unpack /app /app
RUN QUORATE_APP=/app JAVA_OPTS="-XX:+UseG1GC" /build/bin/quorate record

FROM ${JRE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Quorate" \
      org.opencontainers.image.description="A replicated, strongly consistent key-value store that speaks etcd v3" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"

# One layer each, from what changes least to what changes most
COPY --from=record /app/lib /app/lib
COPY --from=record /app/native /app/native
COPY image/application.yml /etc/quorate/application.yml
COPY image/memory.flags /app/memory.flags
COPY --from=record /app/quorate.jar /app/quorate.aot /app/
RUN mkdir -p /var/lib/quorate && chown 10001:10001 /var/lib/quorate

USER 10001:10001
WORKDIR /var/lib/quorate
VOLUME /var/lib/quorate
EXPOSE 2379 2380 2381
STOPSIGNAL SIGTERM
ENV SPRING_CONFIG_ADDITIONAL_LOCATION=file:/etc/quorate/

# No shell: java is process 1 and gets the signals. The bounds of its memory are in a file, because options given here would
# win over those of JDK_JAVA_OPTIONS.
ENTRYPOINT ["java", "-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders", "-XX:Flags=/app/memory.flags", "-XX:+ExitOnOutOfMemoryError", \
    "-Djdk.reflect.useNativeAccessorOnly=true", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
    "-Djava.library.path=/app/native", "-XX:AOTCache=/app/quorate.aot", "-Xlog:aot=error", "-jar", "/app/quorate.jar"]
