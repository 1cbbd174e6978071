# syntax=docker/dockerfile:1.9.0
# One image for all roles: router, subgraphs, worker and tools are one program.

FROM rust:1.95.0-slim-bookworm AS build
# The image's toolchain is the pinned one, without its tools for development.
ENV RUSTUP_TOOLCHAIN=1.95.0
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target \
    CARGO_TARGET_DIR=/target cargo build --locked --release --bin supergraph && cp /target/release/supergraph /supergraph

FROM debian:12.12-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home supergraph \
    # Volumes take over who owns the folder that they are first mounted on.
    && mkdir --parents /keys/all /keys/public /keys/router /keys/orders /keys/notifications && chown --recursive supergraph /keys
COPY --from=build /supergraph /usr/local/bin/supergraph
COPY schema/supergraph.graphql /etc/supergraph/supergraph.graphql
USER supergraph
ENTRYPOINT ["supergraph"]
CMD ["help"]
