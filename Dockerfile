# The image of a member, from the jar that was tested: mvn package, then
#
#   docker build -t quorate:0.1.0 .
#
# It carries a Java that is linked from the JDK's modules, and of the system only the libraries that are linked with: no shell.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk

FROM ${JDK_IMAGE} AS build
COPY bin /build/bin
COPY image /build/image
COPY target/quorate-*-exec.jar /build/target/
RUN /build/image/link-java /opt/java/quorate
# Takes the jar apart, with the native library of this platform beside it. If the image is to be reproducible, files have one time.
ARG SOURCE_DATE_EPOCH
RUN QUORATE_APP=/app /build/bin/quorate unpack && \
    if [ -n "$SOURCE_DATE_EPOCH" ]; then find /app /opt/java/quorate -exec touch -d "@$SOURCE_DATE_EPOCH" {} +; fi
# Starts three members and records what one loads and runs (an AOT cache), which halves the time of later starts. The record is only
# valid for the very Java and files that made it. One that .ci/image has made before may be mounted.
RUN if [ -f /record/quorate.aot ]; then cp /record/quorate.aot /app/; else \
    JAVA_HOME=/opt/java/quorate QUORATE_APP=/app JAVA_OPTS="-XX:+UseG1GC" /build/bin/quorate record; fi
RUN /build/image/copy-system /system /opt/java/quorate /app/native

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Quorate" \
      org.opencontainers.image.description="A replicated, strongly consistent key-value store that speaks etcd v3" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"

# One layer each, from what changes least to what changes most
COPY --from=build /system /
COPY --from=build /opt/java/quorate /opt/java/quorate
COPY --from=build /app/lib /app/lib
COPY --from=build /app/native /app/native
COPY image/application.yml /etc/quorate/application.yml
COPY image/memory.flags bin/java.options /app/
COPY --from=build /app/quorate.* /app/

USER 10001:10001
WORKDIR /var/lib/quorate
VOLUME /var/lib/quorate
EXPOSE 2379 2380 2381
STOPSIGNAL SIGTERM
ENV SPRING_CONFIG_ADDITIONAL_LOCATION=file:/etc/quorate/ \
    JAVA_HOME=/opt/java/quorate \
    PATH=/opt/java/quorate/bin \
    LANG=C.UTF-8

# Java is process 1 and gets the signals. The bounds of its memory are in a file, because options given here would win over
# those of JDK_JAVA_OPTIONS.
ENTRYPOINT ["java", "@/app/java.options", "-XX:+UseG1GC", "-XX:Flags=/app/memory.flags", \
    "-Djava.library.path=/app/native", "-XX:AOTCache=/app/quorate.aot", "-Xlog:aot=error", "-jar", "/app/quorate.jar"]
