# One model, for machines with an NVIDIA GPU: as cpu.Dockerfile, with the GPU build of the same libtensorflow and the CUDA libraries that
# it names. The driver is the machine's: NVIDIA's container toolkit mounts it, and SageMaker's GPU instances have both.
ARG BASE_IMAGE=docker.io/library/node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe

# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS engines
COPY engines/ /opt/hemline/
# Symbols serve debuggers alone. NVIDIA's libraries come without. The release of the base image pins what
# apt installs.
# hadolint ignore=DL3008,DL3009
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && find /opt/hemline -type f \( -name 'libtensorflow*.so*' -o -name '*.node' \) -exec strip --strip-unneeded {} + \
    && chmod -R a+rX,go-w /opt/hemline

# hadolint ignore=DL3006
FROM ${BASE_IMAGE}
# What the engines' libraries need of the system: libgomp1 for LightGBM.
ARG SYSTEM_PACKAGES=""
# hadolint ignore=DL3008,SC2086
RUN if [ -n "${SYSTEM_PACKAGES}" ]; then \
      apt-get update \
      && apt-get install --yes --no-install-recommends ${SYSTEM_PACKAGES} \
      && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/cache/ldconfig/aux-cache \
        /var/log/apt /var/log/dpkg.log /var/log/alternatives.log; \
    fi
COPY --from=engines /opt/hemline/ /opt/hemline/
COPY --chmod=0755 bundle/ /opt/hemline/
COPY --chmod=0755 bin/ /usr/local/bin/

ARG BASE_IMAGE
ARG IMAGE
ARG ENGINES=""
ARG VERSION
ARG REVISION
ARG SOURCE
ARG CREATED
LABEL org.opencontainers.image.title="hemline/${IMAGE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      hemline.model="${IMAGE}" \
      hemline.engines="${ENGINES}"
# HEMLINE_CODE_VERSION stands in the card of every model and in the metadata of every forecast; the others tell NVIDIA's toolkit
# what the container needs.
ENV HEMLINE_CODE_VERSION="${REVISION}" \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

# Without a GPU: that libtensorflow computes and that all of CUDA loads.
RUN mkdir -p /opt/ml \
    && for engine in ${ENGINES}; do \
      setpriv --reuid=65534 --regid=65534 --clear-groups node "/opt/hemline/check-${engine}.mjs" || exit 1; \
    done

# SageMaker starts `train` as an argument and `process` as an entrypoint of its own, and as root: the image has commands, no
# entrypoint and no user.
ENTRYPOINT []
