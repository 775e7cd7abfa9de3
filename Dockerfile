# docker build -t notegate . && docker run --rm -v "$PWD:/articles:ro" notegate check
FROM rust:1-slim AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked

FROM debian:stable-slim
COPY --from=build /build/target/release/notegate /usr/local/bin/notegate
COPY --from=build /build/LICENSE-APACHE /build/LICENSE-MIT /usr/share/doc/notegate/
WORKDIR /articles
USER nobody
ENTRYPOINT ["notegate"]
CMD ["check"]
