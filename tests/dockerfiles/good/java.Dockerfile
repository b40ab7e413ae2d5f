FROM maven:3.9-eclipse-temurin-21@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS build
COPY . /src
RUN mvn -f /src/pom.xml package

FROM gcr.io/distroless/java21-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000001
COPY --from=build /src/target/app.jar /app.jar
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=75"
CMD ["/app.jar"]
