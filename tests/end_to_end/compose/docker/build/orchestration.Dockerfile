FROM rust:1.63-bookworm

ARG GIT_SHA=unknown
LABEL org.opencontainers.image.revision=$GIT_SHA

RUN apt-get update && apt-get install -y curl pkg-config
WORKDIR /app
COPY . .
RUN cargo build --release --package orchestration

EXPOSE 8080
HEALTHCHECK --interval=10s CMD curl --fail --silent http://localhost:8080/ || exit 1
CMD ["./target/release/orchestration"]
